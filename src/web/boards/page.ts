import { html } from "hono/html";
import { isAtItsEnd } from "../../brainstorm/rounds.ts";
import type { Idea, Round, Session } from "../../brainstorm/session.ts";
import type { Operator } from "../../settings.ts";
import { shorten } from "../../words/shorten.ts";
import { pageFrame } from "../pages/frame.ts";
import { sentencesFor, speak } from "../../words/said.ts";
import type { Sentences } from "../../words/said.ts";
import * as recount from "./recount.ts";
import type { Recount } from "./recount.ts";

/** Told from the page's own address, so that it works under any path that PUBLIC_URL has. */
const ROOT = "../";
const MOST_TITLE = 120;

type Page = { version: string; operator?: Operator };

/** The page of a session. All that changes while people look at it is in the fragment. */
export function boardPage(told: Recount, fragment: unknown, { version, operator }: Page) {
  const { session, sentences } = told;
  const { boardPage: texts } = sentences;
  const isOver = isAtItsEnd(session);
  const head = html`<meta name="robots" content="noindex" />
    <link rel="stylesheet" href="${ROOT}board-page/board.css" />
    <script type="module" src="${ROOT}board-page/live.js"></script>`;
  const content = html`<p id="apart" class="apart" role="status" hidden>${texts.apart}</p>
    <div
      id="board"
      class="${isOver ? "" : "is-live"}"
      data-version="${version}"
      data-events="${isOver ? "" : `./${session.id}/events`}"
    >
      ${fragment}
    </div>`;
  const title = shorten(session.topic, MOST_TITLE);
  return pageFrame({ title, root: ROOT, head, content, isWide: true, operator }, sentences);
}

/** What stands in place of it for a while. */
export function waitPage(path: string, { title, said }: { title: string; said: string }, operator?: Operator) {
  const root = "../".repeat(path.split("/").length - 2);
  const content = html`<section class="card closed"><p>${said}</p></section>`;
  return pageFrame({ title, root, content, operator }, sentencesFor());
}

/** The round under way first, for the screen in the room; once it is over, in the order in which it went. */
export function boardFragment(told: Recount) {
  const { session } = told;
  const isOver = isAtItsEnd(session);
  const rounds = isOver ? session.rounds : session.rounds.toReversed();
  return html`${whole(session.topic)} ${stage(told)} ${isOver ? decision(told) : ""}
  ${rounds.map((round) => roundSection(round, told))} ${facts(told)}`;
}

function whole(topic: string) {
  return topic.length > MOST_TITLE ? html`<p class="topic" dir="auto">${topic}</p>` : "";
}

function stage(told: Recount) {
  const { sentences } = told;
  const until = recount.untilOf(told);
  return html`<section class="card stage-now" aria-label="${sentences.boardPage.now}">
    <p id="stage" role="status" aria-live="polite">${recount.stageOf(told)}</p>
    ${
      until
        ? html`<p id="until">
            ${speak(until.label, sentences)} ${instant(until.at)}
            <span class="left" data-until="${until.at}" aria-hidden="true"></span>
          </p>`
        : ""
    }
  </section>`;
}

/** In UTC, until the page's script tells it in the reader's own time. */
export function instant(at: string) {
  return html`<time datetime="${at}">${at.slice(0, 16).replace("T", " ")} UTC</time>`;
}

function decision(told: Recount) {
  const { session, sentences } = told;
  const decided = recount.decisionOf(session);
  const pictures = decided?.ideas.map((idea) => ideaFigure(idea, decided.round, told));
  return html`<section id="decision" aria-labelledby="decision-title">
    <h2 id="decision-title">${sentences.boardPage.decision}</h2>
    <p>${recount.decisionSaid(told)}</p>
    ${pictures ? html`<div class="ideas of-${pictures.length}">${pictures}</div>` : ""}
  </section>`;
}

function roundSection(round: Round, told: Recount) {
  const { sentences } = told;
  const { number, ideas } = round;
  const title = `round-${number}-title`;
  return html`<section id="round-${number}" class="round" aria-labelledby="${title}">
    <h2 id="${title}">${recount.roundTitle(round, sentences)}</h2>
    <p class="story">${recount.roundStory(round, sentences).map((said) => html`${said} `)} ${instant(round.begunAt)}</p>
    <ol class="ideas of-${Math.max(ideas.length, round.places)}" role="list">
      ${ideas.map(
        (idea) =>
          html`<li id="idea-${number}-${idea.number}" class="idea${recount.isWinner(idea, round) ? " winner" : ""}">
            <h3>
              <span class="unseen">${sentences.boardPage.idea(idea)}</span
              ><span class="number" aria-hidden="true">${idea.number}</span>
              ${mark(recount.markOf(idea, round, sentences))}
            </h3>
            ${ideaFigure(idea, round, told)}
          </li>`,
      )}
    </ol>
    ${roundFacts(round, sentences)}
  </section>`;
}

function mark(said?: string) {
  return said ? html`<strong class="mark">${said}</strong>` : "";
}

function ideaFigure(idea: Idea, round: Round, told: Recount) {
  const { sentences } = told;
  const votes = recount.votesOf(idea, round, told);
  return html`<figure>
    ${pictureOf(idea, round, sentences)}
    <figcaption>
      <p class="idea-words" dir="auto">${recount.wordsOf(idea, sentences, told.session.topic)}</p>
      <p class="by">${recount.authorsOf(idea, sentences)}</p>
      ${recount.originsOf(idea, told).map(({ said, id }) => html`<p class="from"><a href="#${id}">${said}</a></p>`)}
      ${votes ? html`<p class="votes">${votes}</p>` : ""}
    </figcaption>
  </figure>`;
}

/** The small one; on a screen for a room the original. */
function pictureOf(idea: Idea, round: Round, sentences: Sentences) {
  const { state, picture } = idea;
  if (state !== "drawn" || !picture)
    return html`<p class="no-picture ${state}">${recount.stateOf(idea, sentences)}</p>`;
  const original = `${ROOT}pictures/${picture.name}`;
  const small = picture.preview ? `${ROOT}pictures/${picture.preview}` : original;
  return html`<a href="${original}"
    ><picture
      ><source media="(min-width: 120rem)" srcset="${original}" />
      <img
        src="${small}"
        width="${picture.width}"
        height="${picture.height}"
        alt="${recount.altTextOf(idea, round, sentences)}" /></picture
  ></a>`;
}

function roundFacts(round: Round, sentences: Sentences) {
  const { boardPage: texts } = sentences;
  const { closedBy, closedAt } = round;
  const cost = recount.costOf([round], sentences);
  return list([
    [texts.closedAt, closedAt && instant(closedAt)],
    [texts.closedBy, closedBy && recount.nameOf(closedBy, sentences)],
    [texts.cost, cost.spent],
    [texts.costTold, cost.told],
  ]);
}

function facts(told: Recount) {
  const { session, sentences } = told;
  const { boardPage: texts } = sentences;
  const { options, boards, begunBy, beganAt, endedBy, endedAt } = session;
  const cost = session.rounds.length > 1 ? recount.costOf(session.rounds, sentences) : undefined;
  const platforms = [...new Set(boards.map(({ platform }) => recount.platformName(platform, sentences)))];
  return html`<section class="card about" aria-label="${texts.brainstorm}">
    ${list([
      [texts.begunBy, recount.nameOf(begunBy, sentences)],
      [texts.begunAt, instant(beganAt)],
      [texts.ideasFrom, texts.names({ all: recount.peopleOf(told) })],
      [texts.place, texts.names({ all: platforms })],
      [texts.rules, texts.dots({ count: options.votes, isLive: options.results === "live" })],
      [texts.cost, cost?.spent],
      [texts.costTold, cost?.told],
      [texts.endedAt, endedAt && instant(endedAt)],
      [texts.endedBy, endedBy && recount.nameOf(endedBy, sentences)],
    ])}
    <p class="slides"><a href="./${session.id}/slides.pptx">${texts.slides}</a></p>
  </section>`;
}

function list(pairs: [name: string, value: unknown][]) {
  const known = pairs.filter(([, value]) => value !== undefined && value !== "");
  if (!known.length) return "";
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}

export function sentencesOf({ begunBy }: Session): Sentences {
  return sentencesFor(begunBy.locale);
}
