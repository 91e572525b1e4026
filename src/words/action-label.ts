import type { PictureAction } from "../request/request.ts";
import { speak } from "./said.ts";
import type { Sentences, Text } from "./said.ts";

/** What stands on a button, with its price where that is told. */
export function actionLabel(
  action: PictureAction,
  { finishPrice }: { finishPrice?: Text },
  sentences: Sentences,
): string {
  const name = sentences.actionLabels[action];
  const isPriced = finishPrice !== undefined && (action === "finish" || action === "finest");
  return isPriced ? sentences.prices.of({ name, price: speak(finishPrice, sentences) }) : name;
}
