import { editorsOf } from "../request/check.ts";
import { partialPicturesOf } from "../images-api/call-images-api.ts";
import { MODELS } from "../models.ts";
import type { ModelName, Shape } from "../models.ts";
import type { PricedOrder } from "../purse/prices.ts";
import { cheapestQuality, priceOf } from "../purse/prices.ts";
import { styleNamed } from "../request/named-style.ts";
import { isAsker } from "../jobs/rights.ts";
import { personOf, textOfRef } from "../request/request.ts";
import type { Asker, Change, ImageRequest } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { shorten } from "../words/shorten.ts";
import type { Idea, Round, Session } from "./session.ts";

/** One idea of one round. */
export type IdeaAt = { session: Session; round: Round; idea: Idea };

/** The same idea has the same job, whoever makes it. */
export function jobIdOf({ session, round, idea }: IdeaAt): string {
  const { tries = 1 } = idea;
  return `session-${session.id}-${round.number}-${idea.number}${tries > 1 ? `-${tries}` : ""}`;
}

/** What draws the pictures of such a round, and how: for their price, and for the requests. */
export function draftOf(
  { options }: Pick<Session, "options">,
  kind: Round["kind"],
  isFromPictures: boolean,
  settings: Settings,
): Pick<PricedOrder, "model" | "size" | "quality"> & { isEdit: boolean; partialPictures: number } {
  const chosen = settings.models.find(({ name }) => name === options.model)?.name ?? settings.models[0].name;
  const editors = editorsOf(settings).map(({ name }) => name);
  const isEdit = isFromPictures && editors.length > 0;
  const model: ModelName = isEdit ? (editors.find((name) => name === chosen) ?? editors[0] ?? chosen) : chosen;
  // All rounds of a session have one shape: a finish keeps its draft's composition.
  const size = MODELS[model].sizes[shapeOfDrafts(chosen, settings)];
  const quality = kind === "finish" ? MODELS[model].bestQuality : cheapestQuality(model, size, settings);
  return { model, size, quality, isEdit, partialPictures: partialPicturesOf({ model, quality }, false) };
}

/** The one in which a draft costs least; wide, which a board shows best, where no other is cheaper. */
function shapeOfDrafts(model: ModelName, settings: Settings): Shape {
  const priced = (["wide", "square", "tall"] as const).map((shape) => {
    const size = MODELS[model].sizes[shape];
    const order = { model, size, quality: cheapestQuality(model, size, settings), count: 1, prompt: "" };
    return { shape, ...priceOf(order, { inputs: 0, partialPictures: 0 }, settings) };
  });
  return priced.toSorted((one, other) => one.dollars - other.dollars)[0]?.shape ?? "wide";
}

/** Of its words as much as the record of what comes of it holds. */
const MOST_PARENT_WORDS = 200;

/** A saved style that a session draws in; null where it wants none, and nothing where it names none. */
export type SessionStyle = ImageRequest["style"];

/** The request that draws an idea: a command like any other, whose answer goes to its session. */
export function requestOfIdea(at: IdeaAt, style: SessionStyle, settings: Settings): ImageRequest {
  const { session, round, idea } = at;
  const { model, size, quality, isEdit } = draftOf(session, round.kind, idea.from.length > 0, settings);
  const place = { session: session.id, round: round.number, idea: idea.number };
  const askedBy = askerOf(round, idea);
  const [first] = idea.from;
  const parent =
    first && session.rounds.flatMap(({ ideas }) => ideas).find(({ picture }) => picture?.ref === textOfRef(first));
  return {
    id: jobIdOf(at),
    prompt: idea.prompt,
    options: { model, size, quality, ...ownWord(session) },
    style,
    unknownOptions: [],
    private: false,
    askedBy,
    address: { platform: "session", ...place, job: jobIdOf(at) },
    brainstorm: { ...place, isOwnWords: isOwn(idea, session.begunBy, askedBy), paidBy: round.begunBy },
    ...(first && {
      parent: {
        ...first,
        words: parent && shorten(parent.words.replaceAll(/\s+/g, " ").trim(), MOST_PARENT_WORDS),
        by: parent?.by[0]?.name,
        person: parent?.by[0] && personOf(parent.by[0]),
        change: changeOf(round.kind, isEdit),
      },
    }),
    ...(isEdit && { sources: idea.from.map((picture) => ({ from: "drawn" as const, picture })) }),
  };
}

/**
 * Who wants it drawn, in whose history it then is: whoever brought the idea; and of what a round goes on from itself, whoever has
 * begun that round. Its first author may not be there any more, and has not asked for it.
 */
function askerOf({ begunBy }: Round, { by, clauses = [], event }: Idea): Asker {
  if (event === undefined) return begunBy;
  return clauses.find((clause) => clause.event === event)?.by ?? by[0] ?? begunBy;
}

/** The topic stands before all words: those of an idea are its asker's alone where they have begun the session as well. */
function isOwn({ by, lens, from }: Idea, begunBy: Asker, askedBy: Asker): boolean {
  const isTheirs = (one: Asker) => isAsker({ askedBy: one }, askedBy);
  return by.length > 0 && [...by, begunBy].every(isTheirs) && !lens && !from.length;
}

/** What the model itself takes for a style. */
function ownWord({ options: { style } }: Session): { style?: string } {
  return style && styleNamed({ style }) === undefined ? { style } : {};
}

function changeOf(kind: Round["kind"], isEdit: boolean): Change {
  if (kind === "finish") return "finish";
  if (!isEdit) return "words";
  return kind === "next" ? "like" : "edit";
}
