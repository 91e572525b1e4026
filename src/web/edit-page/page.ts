import { html } from "hono/html";
import { editorsOf } from "../../request/check.ts";
import { idOfDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import { MODELS } from "../../models.ts";
import type { Settings } from "../../settings.ts";
import { sentencesFor, speakAll } from "../../words/said.ts";
import type { Said, Sentences } from "../../words/said.ts";

/** Addresses are told from the page's own, so that it works under any path that PUBLIC_URL has. */
const ASSETS = "../../edit-page";

/** The page before its script has opened it: the picture is not in it, nor anything else that only its owner may see. */
export function editPage(draft: Draft, settings: Settings) {
  const sentences = sentencesFor(draft.askedBy.locale);
  const { editPage: texts, editScript } = sentences;
  return page(
    texts.title,
    html`<script type="module" src="${ASSETS}/editor.js"></script>`,
    html`<form
      id="edit"
      novalidate
      data-key="${draft.id}"
      data-picture="${idOfDraft(draft)}"
      data-width="${draft.width}"
      data-height="${draft.height}"
      data-most-words="${longestPromptOf(draft, settings)}"
      data-sentences="${JSON.stringify(editScript)}"
    >
      <section class="card picture" aria-label="${texts.thePicture}">
        ${stage(sentences)} ${tools(texts)} ${keyboardHelp(texts)}
      </section>
      <section class="card change" aria-label="${texts.theChange}">${change(sentences)}</section>
    </form>`,
    texts,
  );
}

/** What stands in place of the page where there is nothing to edit. */
export function closedPage(closed: { title: Said; said: Said; locale?: string }) {
  const sentences = sentencesFor(closed.locale);
  const { title, said } = speakAll(closed, sentences);
  return page(title, html``, html`<section class="card closed"><p>${said}</p></section>`, sentences.editPage);
}

type Texts = Sentences["editPage"];

function page(title: string, script: unknown, content: unknown, { language, needsScript }: Texts) {
  return html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Easel</title>
        <link rel="stylesheet" href="${ASSETS}/page.css" />
        ${script}
      </head>
      <body>
        <main>
          <header>
            <h1>${title}</h1>
            <p class="name">Easel</p>
          </header>
          <noscript><p class="card">${needsScript}</p></noscript>
          ${content}
        </main>
      </body>
    </html>`;
}

function stage({ editPage: texts, editScript }: Sentences) {
  return html`<p class="hint" id="intro">${texts.intro}</p>
    <div class="stage" id="stage">
      <img id="picture" alt="${texts.picture}" hidden />
      <canvas
        id="painting"
        tabindex="0"
        role="application"
        aria-label="${texts.painting}"
        aria-describedby="keys"
      ></canvas>
      <div id="ring" class="ring" hidden></div>
      <p id="loading" class="loading">${editScript.bringing}</p>
    </div>`;
}

function tools(texts: Texts) {
  return html`<div class="tools">
    <fieldset class="segments">
      <legend class="unseen">${texts.brush}</legend>
      <label><input type="radio" name="tool" id="paint" value="paint" checked /><span>${texts.paint}</span></label>
      <label><input type="radio" name="tool" id="erase" value="erase" /><span>${texts.erase}</span></label>
    </fieldset>
    <div class="buttons">
      <button type="button" id="undo" disabled>${texts.undo}</button>
      <button type="button" id="clear" disabled>${texts.clear}</button>
    </div>
    <div class="brush">
      <label for="size">${texts.brushSize}</label>
      <input type="range" id="size" min="2" max="60" step="1" value="14" />
    </div>
  </div>`;
}

function keyboardHelp({ keyboard, keysBegin, keysMove, keysPaint, keysSize, keysOther }: Texts) {
  return html`<details>
    <summary>${keyboard}</summary>
    <div id="keys">
      <p>${withKeys(keysBegin)}</p>
      <ul>
        ${[keysMove, keysPaint, keysSize, keysOther].map((line) => html`<li>${withKeys(line)}</li>`)}
      </ul>
    </div>
  </details>`;
}

/** A text with keys in brackets. */
function withKeys(text: string) {
  return text.split(/\[([^\]]+)\]/).map((part, index) => (index % 2 ? html`<kbd>${part}</kbd>` : part));
}

function change({ editPage: texts, editScript }: Sentences) {
  return html`<label class="words" for="words">${texts.change}</label>
    <textarea
      id="words"
      rows="4"
      required
      autocomplete="off"
      aria-describedby="words-fault count"
      placeholder="${texts.changePlaceholder}"
    ></textarea>
    <p id="count" class="hint" hidden></p>
    <p id="words-fault" class="fault" hidden></p>
    <p id="extent" class="extent"></p>
    <button type="submit" id="send" class="main" aria-describedby="extent">${editScript.send}</button>
    <div id="faults" class="said fault" role="alert"></div>
    <div id="said" class="said" role="status"></div>
    <div id="spoken" class="unseen" role="status"></div>`;
}

/** Of the model that will edit, which is the first here that does unless the draft names one. */
function longestPromptOf({ options }: Draft, settings: Settings): number {
  const editors = editorsOf(settings);
  const { name } = editors.find((model) => model.name === options.model) ?? editors[0] ?? settings.models[0];
  return MODELS[name].promptLimit[settings.images.provider];
}
