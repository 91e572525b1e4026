import { html } from "hono/html";
import { editorsOf } from "../../request/check.ts";
import { idOfDraft } from "../../jobs/drafts.ts";
import type { Draft } from "../../jobs/drafts.ts";
import { MODELS } from "../../models.ts";
import type { Settings } from "../../settings.ts";

/** Addresses are told from the page's own, so that it works under any path that PUBLIC_URL has. */
const ASSETS = "../../edit-page";

/** The page before its script has opened it: the picture is not in it, nor anything else that only its owner may see. */
export function editPage(draft: Draft, settings: Settings) {
  return page(
    "Edit this picture",
    html`<script type="module" src="${ASSETS}/editor.js"></script>`,
    html`<form
      id="edit"
      novalidate
      data-key="${draft.id}"
      data-picture="${idOfDraft(draft)}"
      data-width="${draft.width}"
      data-height="${draft.height}"
      data-most-words="${longestPromptOf(draft, settings)}"
    >
      <section class="card picture" aria-label="The picture">${stage()} ${tools()} ${keyboardHelp()}</section>
      <section class="card change" aria-label="The change">${change()}</section>
    </form>`,
  );
}

/** What stands in place of the page where there is nothing to edit. */
export function closedPage({ title, said }: { title: string; said: string }) {
  return page(title, html``, html`<section class="card closed"><p>${said}</p></section>`);
}

function page(title: string, script: unknown, content: unknown) {
  return html`<!doctype html>
    <html lang="en">
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
          <noscript><p class="card">This page paints by script. Please switch JavaScript on for it.</p></noscript>
          ${content}
        </main>
      </body>
    </html>`;
}

function stage() {
  return html`<p class="hint" id="intro">Paint over the part that may change. The rest stays as it is.</p>
    <div class="stage" id="stage">
      <img id="picture" alt="The picture to change" hidden />
      <canvas
        id="painting"
        tabindex="0"
        role="application"
        aria-label="Painting area over the picture"
        aria-describedby="keys"
      ></canvas>
      <div id="ring" class="ring" hidden></div>
      <p id="loading" class="loading">Bringing the picture…</p>
    </div>`;
}

function tools() {
  return html`<div class="tools">
    <fieldset class="segments">
      <legend class="unseen">What the brush does</legend>
      <label><input type="radio" name="tool" id="paint" value="paint" checked /><span>Paint</span></label>
      <label><input type="radio" name="tool" id="erase" value="erase" /><span>Erase</span></label>
    </fieldset>
    <div class="buttons">
      <button type="button" id="undo" disabled>Undo</button>
      <button type="button" id="clear" disabled>Clear</button>
    </div>
    <div class="brush">
      <label for="size">Brush size</label>
      <input type="range" id="size" min="2" max="60" step="1" value="14" />
    </div>
  </div>`;
}

function keyboardHelp() {
  return html`<details>
    <summary>Painting with the keyboard</summary>
    <div id="keys">
      <p>Go to the picture with <kbd>Tab</kbd>. There:</p>
      <ul>
        <li><kbd>←</kbd> <kbd>↑</kbd> <kbd>→</kbd> <kbd>↓</kbd> move the brush.</li>
        <li>
          <kbd>Space</kbd> or <kbd>Enter</kbd> paints. Held down, or with <kbd>Shift</kbd>, the arrows paint a line.
        </li>
        <li><kbd>+</kbd> and <kbd>-</kbd> make the brush larger and smaller: a smaller one takes smaller steps.</li>
        <li><kbd>E</kbd> changes between painting and erasing, <kbd>U</kbd> takes the last stroke back.</li>
      </ul>
    </div>
  </details>`;
}

function change() {
  return html`<label class="words" for="words">What should change</label>
    <textarea
      id="words"
      rows="4"
      required
      autocomplete="off"
      aria-describedby="words-fault count"
      placeholder="a red umbrella in her hand"
    ></textarea>
    <p id="count" class="hint" hidden></p>
    <p id="words-fault" class="fault" hidden></p>
    <p id="extent" class="extent"></p>
    <button type="submit" id="send" class="main" aria-describedby="extent">Send</button>
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
