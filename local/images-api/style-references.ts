import type { EditPictures } from "./edit-pictures.ts";

/** A model understands from the words alone which of the pictures only show how to draw. */
const REFERENCES =
  /\s*(?:(?<all>The attached pictures are)|All attached pictures but the first(?: (?<own>\d+))? are) references for style alone[^\r\n]*/;

/** The words without what they say of such pictures, and the pictures that are to change; `isLike` where there are none of those. */
export function readReferences(
  prompt: string,
  input: EditPictures | undefined,
): { prompt: string; input: EditPictures | undefined } {
  const said = input && REFERENCES.exec(prompt);
  if (!said) return { prompt, input };
  const words = prompt.replace(REFERENCES, "");
  if (said.groups?.all) return { prompt: words, input: { ...input, isLike: true } };
  return { prompt: words, input: { ...input, pictures: input.pictures.slice(0, Number(said.groups?.own ?? 1)) } };
}
