import { html } from "hono/html";
import { editorsOf } from "../../request/check.ts";
import { idOfDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import { MODELS } from "../../models.ts";
import type { Settings } from "../../settings.ts";
import { pageFrame, withKeys } from "../pages/frame.ts";
import { sentencesFor, speakAll } from "../../words/said.ts";
import type { Said, Sentences } from "../../words/said.ts";

/** Told from the page's own address, so that it works under any path that PUBLIC_URL has. */
const ROOT = "../../";

/** The page before its script has opened it: the picture is not in it, nor anything else that only its owner may see. */
export function editPage(draft: Draft, settings: Settings) {
  const sentences = sentencesFor(draft.askedBy.locale);
  const { editPage: texts, editScript } = sentences;
  const head = html`<script type="module" src="${ROOT}edit-page/editor.js"></script>`;
  const content = html`<noscript><p class="card">${texts.needsScript}</p></noscript>
    <form
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
    </form>`;
  return pageFrame({ title: texts.title, root: ROOT, head, content, operator: settings.operator }, sentences);
}

/** What stands in place of the page where there is nothing to edit. */
export function closedPage(closed: { title: Said; said: Said; locale?: string }) {
  const sentences = sentencesFor(closed.locale);
  const { title, said } = speakAll(closed, sentences);
  const content = html`<section class="card closed"><p>${said}</p></section>`;
  return pageFrame({ title, root: ROOT, content }, sentences);
}

type Texts = Sentences["editPage"];

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
