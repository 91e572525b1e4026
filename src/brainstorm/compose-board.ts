import type { ReplyPicture } from "../replies/reply.ts";
import { NO_STYLE } from "../request/named-style.ts";
import { personOf, textOfRef, readRef } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { lensName } from "../words/lenses.ts";
import { priceSaid } from "../words/price-sentences.ts";
import type { Said, Text } from "../words/said.ts";
import { boardActions, brainstorm, roundKinds, styles } from "../words/sentences.ts";
import { oneLine } from "../words/one-line.ts";
import { shorten } from "../words/shorten.ts";
import type { Board, BoardIdea } from "./board.ts";
import { actionsOf } from "./board-actions.ts";
import { ideasToGoOnFrom, nameOfIdea } from "./board-forms.ts";
import { decidedRound, stageSaid } from "./board-stage.ts";
import { isRefusedToPeople } from "./bring-ideas.ts";
import { shownPicture } from "./idea-picture.ts";
import { isVariation, shownWords } from "./idea-words.ts";
import { nameOfPerson, namesOf } from "./people.ts";
import { priceOfRound } from "./price-of-round.ts";
import { votesEach } from "./rounds.ts";
import { roundOf } from "./session.ts";
import type { BoardPlace, Idea, Result, Round, Session } from "./session.ts";

/** A board is no page: there all words stand whole. */
const MOST_IDEA_WORDS = 120;
const MOST_TITLE = 200;

/** The whole board as it stands in one channel. `votes`: those of its last round so far. */
export function composeBoard(
  session: Session,
  place: BoardPlace,
  votes: Result | undefined,
  settings: Settings,
): Board {
  const isOver = session.endedAt !== undefined;
  const round = shownRound(session);
  const result = round.result ?? (session.options.results === "live" ? votes : undefined);
  return {
    session: session.id,
    round: round.number,
    mood: isOver || round.stage === "closed" ? "finished" : "waiting",
    title: brainstorm.title({ topic: shorten(oneLine(session.topic), MOST_TITLE) }),
    facts: factsOf(session, place, settings),
    stage: stageSaid(session, round, (round.result ?? votes)?.voters ?? 0),
    until: isOver ? undefined : untilOf(round),
    howTo: isOver ? undefined : howToOf(session, round),
    ideas: round.ideas.map((idea) => boardIdea(idea, { topic: session.topic, round, result, settings })),
    notes: notesOf(session, round, place),
    vote: !isOver && round.stage === "voting" ? voteOf(session, round) : undefined,
    actions: isOver ? [] : actionsOf(session, round, settings),
    page: settings.publicUrl
      ? { label: brainstorm.page, url: `${settings.publicUrl}/boards/${session.id}` }
      : undefined,
  };
}

/** Of a brainstorm that is over, what was decided: a round that was begun after it has nothing to say any more. */
function shownRound(session: Session): Round {
  return (session.endedAt !== undefined && decidedRound(session)) || roundOf(session);
}

/** Who began it and where it stands, how it is done, and what it costs. */
function factsOf(session: Session, place: BoardPlace, settings: Settings): Said[] {
  const { begunBy, options } = session;
  const boards = session.boards.filter(({ gone }) => gone === undefined);
  const round = shownRound(session);
  const isBeforeVotes = ["gathering", "drawing"].includes(round.stage) && !["finish", "combine"].includes(round.kind);
  const rules = options.results === "live" ? brainstorm.live : brainstorm.secret;
  const kind = roundKinds[round.kind];
  return [
    brainstorm.begunBy({ name: nameOfPerson(begunBy), platform: begunBy.platform }),
    ...othersOf(boards),
    ...(round.number > 1 ? [brainstorm.round({ number: round.number, kind })] : []),
    ...(isBeforeVotes && !session.endedAt ? [rules({ votes: options.votes })] : []),
    ...styleOf(session),
    ...costsOf(session, round, settings),
    ...(place.lastsUntil && !session.endedAt ? [brainstorm.lasts] : []),
  ];
}

/** Who brought it where else. */
function othersOf([first, ...others]: BoardPlace[]): Said[] {
  const [only, ...more] = others;
  if (!first || !only) return [];
  const platforms = [...new Set(others.map(({ platform }) => platform))];
  const isElsewhere = platforms.some((platform) => platform !== first.platform);
  const name = nameOfPerson(only.by);
  if (!more.length)
    return [isElsewhere ? brainstorm.alsoOn({ name, platform: only.platform }) : brainstorm.alsoInChannel({ name })];
  const people = new Map(others.map(({ by }) => [personOf(by), by]));
  const values = { names: namesOf([...people.values()]), count: others.length };
  return [isElsewhere ? brainstorm.alsoOnSeveral({ ...values, platforms }) : brainstorm.alsoInChannels(values)];
}

/** A saved one, which may be the channel's own that nobody named, or a word of the model's. */
function styleOf({ style, options }: Session): Said[] {
  if (options.style?.trim().toLowerCase() === NO_STYLE) return [];
  if (style) return [brainstorm.style({ style: styles.named({ name: style.name, version: style.version }) })];
  return options.style ? [brainstorm.style({ style: shorten(options.style, 40) })] : [];
}

/** What was told before, and what it came to. */
function costsOf(session: Session, round: Round, settings: Settings): Said[] {
  const spent = session.rounds.flatMap(({ spentDollars }) => spentDollars ?? []);
  if (session.endedAt && spent.length) {
    const dollars = spent.reduce((sum, one) => sum + one, 0);
    return dollars > 0 ? [brainstorm.spentInAll({ price: priceSaid({ dollars, isWorstCase: false }) })] : [];
  }
  if (round.stage === "closed" && round.spentDollars)
    return [brainstorm.spent({ price: priceSaid({ dollars: round.spentDollars, isWorstCase: false }) })];
  const { toldDollars: dollars, places, kind } = round;
  if (!dollars || !places || session.endedAt) return [];
  const { topic, options, style } = session;
  const { isWorstCase } = priceOfRound({ topic, options, style, kind, places }, settings);
  return [brainstorm.priceTold({ count: places, price: priceSaid({ dollars, isWorstCase }) })];
}

function untilOf({ stage, gatherUntil, votesUntil }: Round): Board["until"] {
  if (stage === "gathering" && gatherUntil) return { label: brainstorm.ideasUntil, at: gatherUntil };
  return stage === "voting" && votesUntil ? { label: brainstorm.votesUntil, at: votesUntil } : undefined;
}

function howToOf(session: Session, round: Round): Said | undefined {
  const { begunBy, options } = session;
  const { stage, kind, ideas } = round;
  const name = nameOfPerson(begunBy);
  switch (stage) {
    case "gathering":
      if (!options.others) return brainstorm.howToGatherFrom({ name });
      if (ideas.length) return brainstorm.howToGatherAndAdd;
      return ideasToGoOnFrom(session).length ? brainstorm.howToGatherOrGoOn : brainstorm.howToGather;
    case "drawing":
      return ["finish", "combine"].includes(kind) ? undefined : brainstorm.howToWait;
    case "voting":
      return brainstorm.howToVote({ votes: votesEach(session, round) });
    case "counting":
      return undefined;
    case "closed":
      return brainstorm.howToGoOn({ name });
  }
}

type Shown = { topic: string; round: Round; result: Result | undefined; settings: Settings };

function boardIdea(idea: Idea, { topic, round, result, settings }: Shown): BoardIdea {
  const words = shownWords(idea, { most: MOST_IDEA_WORDS });
  const count = result?.votes[idea.number];
  const [winner, ...others] = round.result?.winners ?? [];
  return {
    number: idea.number,
    words: shownWords(idea, { most: MOST_IDEA_WORDS, topic }),
    by: authorOf(idea),
    state: stateOf(idea),
    votes: count === undefined || !result?.voters ? undefined : brainstorm.votesOf({ count }),
    isWinner: idea.number === winner && !others.length,
    picture: pictureOf(idea, { words, count: Math.max(round.ideas.length, round.places) }, settings),
  };
}

export function authorOf(idea: Idea): Text {
  const { by, lens } = idea;
  if (by.length) return brainstorm.by({ names: namesOf(by) });
  return lens && !isVariation(idea) ? brainstorm.direction({ lens: lensName(lens) }) : brainstorm.ofEasel;
}

function stateOf(idea: Idea): Said | undefined {
  const { state, job } = idea;
  if (state === "refused" && !isRefusedToPeople(idea)) return brainstorm.failed;
  if (state === "failed" && job === undefined) return brainstorm.leftOut;
  if (state === "drawn" || state === "open") return undefined;
  return brainstorm[state];
}

/** None where it was deleted since. */
function pictureOf(
  { number, state, picture }: Idea,
  { words, count }: { words: Text; count: number },
  settings: Settings,
): ReplyPicture | undefined {
  if (!picture || state !== "drawn") return undefined;
  const read = readRef(picture.ref);
  return {
    ...shownPicture(picture, brainstorm.altText({ number, count, words }), settings),
    ref: read && textOfRef(read),
  };
}

function notesOf({ boards, endedAt }: Session, { ideas, stage }: Round, place: BoardPlace): Said[] {
  const numbersOf = (some: Idea[]) => some.map(({ number }) => String(number));
  const refused = numbersOf(ideas.filter(isRefusedToPeople));
  const failed = numbersOf(ideas.filter(({ state, job }) => state === "failed" && job !== undefined));
  const gone = boards.filter((board) => board.gone !== undefined && board !== place);
  const others = boardActions.reword;
  return [
    ...(refused.length && ["drawing", "voting"].includes(stage)
      ? [brainstorm.needsOtherWords({ numbers: refused, others })]
      : []),
    ...(failed.length ? [brainstorm.notDrawn({ numbers: failed })] : []),
    ...(endedAt
      ? []
      : [...new Set(gone.map(({ platform }) => platform))].map((platform) => brainstorm.goneOn({ platform }))),
  ];
}

function voteOf(session: Session, round: Round): Board["vote"] {
  const drawn = round.ideas.filter(({ state }) => state === "drawn");
  const most = votesEach(session, round);
  const choices = drawn.map((idea) => ({
    value: String(idea.number),
    name: nameOfIdea(idea, { topic: session.topic }),
  }));
  return { label: brainstorm.voteLabel({ most }), most, choices };
}
