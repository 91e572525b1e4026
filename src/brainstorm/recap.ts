import type { ChatReply, ReplyAction } from "../replies/reply.ts";
import { personOf, readRef, textOfRef } from "../request/request.ts";
import type { Settings } from "../settings.ts";
import { priceSaid } from "../words/price-sentences.ts";
import type { Said } from "../words/said.ts";
import { labels, recap } from "../words/sentences.ts";
import { oneLine } from "../words/one-line.ts";
import { shorten } from "../words/shorten.ts";
import { nameOfIdea } from "./board-forms.ts";
import { decidedRound } from "./board-stage.ts";
import { shownPicture } from "./idea-picture.ts";
import { shownWords } from "./idea-words.ts";
import { namesOf } from "./people.ts";
import type { Idea, Session } from "./session.ts";

const MOST_TOPIC = 120;
const MOST_WORDS = 150;
const MOST_NAMES = 20;
/** As many as a message shows well. */
const MOST_PICTURES = 4;

/** What came of a session that is over; nothing where no picture came of it, unless a message of it stands already. */
export function composeRecap(session: Session, settings: Settings): ChatReply | undefined {
  const drawn = session.rounds.flatMap((round) => (round.kind === "run-off" ? [] : round.ideas.filter(hasPicture)));
  if (!drawn.length && !session.boards.some(({ recapAt }) => recapAt)) return undefined;
  const winners = winnersOf(session);
  const url = settings.publicUrl && `${settings.publicUrl}/boards/${session.id}`;
  return {
    role: "word",
    mood: "finished",
    title: recap.title({ topic: shorten(oneLine(session.topic), MOST_TOPIC) }),
    paragraphs: [decisionOf(session, winners)],
    quotes: [],
    pictures: winners
      .slice(0, MOST_PICTURES)
      .map((idea) =>
        shownPicture(idea.picture, recap.altText({ words: shownWords(idea, { most: MOST_WORDS }) }), settings),
      ),
    facts: [
      ...(drawn.length
        ? [{ name: recap.pictures, value: recap.came({ pictures: drawn.length, rounds: roundsWithPictures(session) }) }]
        : []),
      ...peopleFact(session),
      ...costFact(session),
    ],
    actions: [
      ...goOnFrom(session, winners, drawn),
      ...(url
        ? [
            { do: "open" as const, label: recap.page, url },
            { do: "open" as const, label: recap.slides, url: `${url}/slides.pptx` },
          ]
        : []),
    ],
    forAskerOnly: false,
  };
}

/** A platform's list holds no more. */
const MOST_CHOICES = 25;

/** Each picture, like any other from then on: what was chosen first, then the newest. */
function goOnFrom({ rounds, topic }: Session, winners: Drawn[], drawn: Drawn[]): ReplyAction[] {
  const chosen = winners.map(({ picture }) => picture.ref);
  const others = drawn.filter(({ picture }) => !chosen.includes(picture.ref)).toReversed();
  const choices = [...winners, ...others].flatMap((idea) => {
    const ref = readRef(idea.picture.ref);
    const round = rounds.find(({ ideas }) => ideas.includes(idea))?.number;
    return ref ? [{ ref: textOfRef(ref), name: nameOfIdea(idea, { topic, round }) }] : [];
  });
  return choices.length ? [{ do: "pick", label: labels.goOnFrom, choices: choices.slice(0, MOST_CHOICES) }] : [];
}

type Drawn = Idea & { picture: NonNullable<Idea["picture"]> };

function hasPicture(idea: Idea): idea is Drawn {
  return idea.state === "drawn" && idea.picture !== undefined;
}

/** Of the last round that has any. */
function winnersOf(session: Session): Drawn[] {
  const last = decidedRound(session);
  return (last?.ideas ?? []).filter(hasPicture).filter(({ number }) => last?.result?.winners.includes(number));
}

function roundsWithPictures({ rounds }: Session): number {
  return rounds.filter(({ ideas }) => ideas.some(hasPicture)).length;
}

function decisionOf({ rounds, topic }: Session, winners: Drawn[]): Said {
  const [winner, ...others] = winners;
  if (!winner) return rounds.some(({ result }) => result?.winners.length) ? recap.chosenIsDeleted : recap.open;
  if (others.length)
    return recap.several({ words: winners.map((idea) => shownWords(idea, { most: MOST_WORDS, topic })) });
  return recap.decision({ words: shownWords(winner, { most: MOST_WORDS, topic }), names: namesOf(winner.by) });
}

function peopleFact({ rounds }: Session): ChatReply["facts"] {
  const all = rounds.flatMap(({ ideas }) => ideas.flatMap(({ by }) => by));
  const people = [...new Map(all.map((one) => [personOf(one), one])).values()];
  if (!people.length) return [];
  return [{ name: recap.people, value: recap.names({ all: namesOf(people.slice(0, MOST_NAMES)) }) }];
}

function costFact({ rounds }: Session): ChatReply["facts"] {
  const dollars = rounds.reduce((sum, { spentDollars = 0 }) => sum + spentDollars, 0);
  return dollars > 0 ? [{ name: recap.cost, value: priceSaid({ dollars, isWorstCase: false }) }] : [];
}
