import { html } from "hono/html";
import { keepDaysOf } from "../../settings.ts";
import type { Operator, Settings } from "../../settings.ts";
import { sentencesFor } from "../../words/said.ts";
import { pageFrame, withKeys } from "./frame.ts";

/** The pages that Teams' and Discord's stores ask for, open to all. An installation may point its listing to pages of its own. */

/** What the pages say of whoever runs this, and of what is kept. */
export type Installation = Pick<Settings, "operator" | "ideas" | "keepDays" | "configuration">;

const sentences = sentencesFor();
const { storePages } = sentences;

export function about(operator: Operator) {
  const { what, begin, inDiscord, inTeams, goOn, add, picture, painted, generated } = sentences.about;
  const content = html`<p class="lead">${what}</p>
    <figure>
      <img src="./pages/picture.jpg" width="1200" height="675" alt="${picture}" />
      <figcaption>${painted}</figcaption>
    </figure>
    <h2>${begin}</h2>
    ${[inDiscord, inTeams, goOn, add, generated].map((text) => html`<p>${withKeys(text)}</p>`)}`;
  return pageFrame({ title: storePages.aboutTitle, root: "./", content, isText: true, operator }, sentences);
}

/** It says what is so by the settings of this installation, and nothing that might be. */
export function privacy(installation: Installation) {
  const { kept, howLong, days, andThen, passedOn, toIdeas, spent, notDone, whoSees, brainstorms, yours, copies } =
    sentences.privacy;
  const { runBy, runBySomebody, writeTo } = sentences.privacy;
  const { operator, ideas } = installation;
  const keepDays = keepDaysOf(installation);
  const { name, contact } = operator;
  const paragraphs = [
    name ? runBy({ name }) : runBySomebody,
    ...(contact ? [writeTo({ contact })] : []),
    kept,
    `${keepDays ? days({ days: keepDays }) : howLong} ${andThen}`,
    ideas ? `${passedOn} ${toIdeas}` : passedOn,
    spent,
    notDone,
    whoSees,
    brainstorms,
    yours,
    copies,
  ];
  return textPage(storePages.privacyTitle, paragraphs, operator);
}

export function terms(operator: Operator) {
  const { rules, generated, warranty } = sentences.terms;
  return textPage(storePages.termsTitle, [rules, generated, warranty], operator);
}

function textPage(title: string, paragraphs: string[], operator: Operator) {
  const content = html`${paragraphs.map((paragraph) => html`<p>${withKeys(paragraph)}</p>`)}`;
  return pageFrame({ title, root: "./", content, isText: true, operator }, sentences);
}

/** For whoever opened by hand, in a browser, what is not there. */
export function nothingHere(path: string, operator: Operator) {
  const root = "../".repeat(Math.max(0, path.split("/").length - 2)) || "./";
  const content = html`<p>${storePages.nothingText}</p>`;
  return pageFrame({ title: storePages.nothingTitle, root, content, isText: true, operator }, sentences);
}

/** Text, a picture and the stylesheet of ours, and nothing else: from nowhere, and shown inside of no other page. */
export const pagePolicy =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";
