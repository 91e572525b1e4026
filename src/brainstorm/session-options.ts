import { checkRequest } from "../request/check.ts";
import type { Fault } from "../request/check.ts";
import { modelNamed } from "../request/check.ts";
import { withoutNamedStyle } from "../request/named-style.ts";
import type { Asker } from "../request/request.ts";
import { nearestName } from "../near.ts";
import type { Settings } from "../settings.ts";
import { sentenceOfFault } from "../words/fault-sentences.ts";
import type { Said } from "../words/said.ts";
import { brainstormAnswers, faults, together } from "../words/sentences.ts";
import { shorten } from "../words/shorten.ts";
import { FEWEST_IDEAS, MOST_IDEAS, MOST_MINUTES, MOST_TOPIC, MOST_VOTES, USUAL_MINUTES } from "./session.ts";
import type { Session } from "./session.ts";

export const SESSION_OPTIONS = ["ideas", "minutes", "votes", "others", "results", "model", "style"] as const;
export type SessionOption = (typeof SESSION_OPTIONS)[number];

/** What a brainstorm is to be, in the words of whoever asked: nothing in it is checked yet. */
export type AskedTopic = {
  topic: string;
  /** By the names of `SESSION_OPTIONS`. */
  options: Record<string, string>;
  /** As they were typed. */
  unknownOptions?: string[];
};

export const USUAL = { ideas: 6, minutes: USUAL_MINUTES, votes: 3, results: "hidden", others: "yes" } as const;

/** What is typed for each of them; `true` and `false` are a platform's own switch. */
const WORDS: Record<"results" | "others", ReadonlyMap<string, string>> = {
  results: new Map(["hidden", "live"].map((word) => [word, word])),
  others: new Map(Object.entries({ yes: "yes", no: "no", true: "yes", false: "no" })),
};

export type ReadOptions = { topic: string; options: Session["options"] } | { faults: Said[] };

/** All that is wrong with it at once, each with what is allowed. */
export function readSessionOptions(
  { topic, options, unknownOptions = [] }: AskedTopic,
  settings: Settings,
): ReadOptions {
  const found: Said[] = [
    ...topicFaults(topic),
    ...[...new Set([...unknownOptions, ...strangers(options)])].map(unknown),
  ];
  const given = (name: SessionOption) => {
    const value = options[name]?.trim();
    if (value === "") found.push(faults.valueMissing({ option: name }));
    return value || undefined;
  };
  const number = (name: "ideas" | "minutes" | "votes", refused: (value: string) => Said, range: [number, number]) => {
    const value = given(name);
    if (value === undefined) return USUAL[name];
    const [least, most] = range;
    const read = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
    if (!(read >= least && read <= most)) found.push(refused(shorten(value, MOST_SHOWN)));
    return read;
  };
  const choice = (name: "results" | "others") => {
    const value = given(name);
    if (value === undefined) return USUAL[name];
    const word = WORDS[name].get(value.toLowerCase());
    const allowed = Object.values(USUAL_WORDS[name]);
    if (!word)
      found.push(brainstormAnswers.choiceRefused({ option: name, value: shorten(value, MOST_SHOWN), allowed }));
    return word;
  };
  const read = {
    ideas: number(
      "ideas",
      (value) => brainstormAnswers.ideasRefused({ value, least: FEWEST_IDEAS, most: MOST_IDEAS }),
      [FEWEST_IDEAS, MOST_IDEAS],
    ),
    minutes: number("minutes", (value) => brainstormAnswers.minutesRefused({ value, most: MOST_MINUTES }), [
      1,
      MOST_MINUTES,
    ]),
    votes: number("votes", (value) => brainstormAnswers.votesRefused({ value, most: MOST_VOTES }), [1, MOST_VOTES]),
    others: choice("others") === "yes",
    results: choice("results") === "live" ? ("live" as const) : ("hidden" as const),
    model: modelNamed(given("model"), settings),
    style: given("style"),
  };
  found.push(...pictureFaults(options, settings));
  return found.length ? { faults: found } : { topic: topic.trim().replaceAll(/\s+/g, " "), options: read };
}

/** In one answer, to whoever asked. */
export function faultsSaid(faults: Said[]): Said {
  return together([brainstormAnswers.notBegun, ...faults]);
}

const MOST_SHOWN = 41;
const USUAL_WORDS = { results: ["hidden", "live"], others: ["yes", "no"] };

function topicFaults(topic: string): Said[] {
  const { length } = topic.trim();
  if (length > MOST_TOPIC) return [brainstormAnswers.topicTooLong({ length, most: MOST_TOPIC })];
  return /[\p{L}\p{N}\p{S}\p{P}]/u.test(topic) ? [] : [brainstormAnswers.topicMissing];
}

function strangers(options: Record<string, string>): string[] {
  return Object.keys(options).filter((name) => !SESSION_OPTIONS.some((known) => known === name));
}

function unknown(typed: string): Said {
  const option = shorten(typed, MOST_SHOWN);
  const meant = nearestName(typed.replace(/^[-—–]{1,3}/, ""), SESSION_OPTIONS);
  const options = SESSION_OPTIONS;
  return meant
    ? brainstormAnswers.optionMeant({ option, meant, options })
    : brainstormAnswers.optionUnknown({ option, options });
}

/** Model and style are those of any picture, and checked like them. */
function pictureFaults({ model, style }: Record<string, string>, settings: Settings): Said[] {
  const options = { ...(model?.trim() ? { model } : {}), ...(style?.trim() ? { style } : {}) };
  const asked = withoutNamedStyle({ prompt: "a picture", options, unknownOptions: [], sources: [] });
  const checked = checkRequest(asked, settings);
  return "faults" in checked ? checked.faults.map((fault: Fault) => sentenceOfFault(fault)) : [];
}

/** Who has begun it: their words stand first, a mention of somebody else nowhere. */
export function isBegunBy({ begunBy }: Session, by: Asker): boolean {
  return begunBy.platform === by.platform && begunBy.user === by.user;
}
