import { html } from "hono/html";
import type { Operator } from "../../settings.ts";
import type { Sentences } from "../../words/said.ts";
import { serveOwnFiles } from "../own-files.ts";

/** The icon is the one that Teams shows beside the bot. */
const FILES = ["page.css", "picture.jpg", "../../../manifest/icons/color.svg"];
export const servePageFile = serveOwnFiles(FILES.map((name) => `${import.meta.dirname}/${name}`));

/** `root` leads from the page's own address to `/`, so that it works under any path that a proxy puts before it. */
export type Page = {
  title: string;
  root: string;
  content: unknown;
  /** More for the head, such as a script. */
  head?: unknown;
  /** Made of text, which is read best in short lines. */
  isText?: boolean;
  /** Made of pictures side by side, which may take all the width there is. */
  isWide?: boolean;
  operator?: Operator;
};

/** What every page has: the stylesheet, the header that leads to the others, and who runs this installation. */
export function pageFrame({ title, root, content, head, isText, isWide, operator }: Page, sentences: Sentences) {
  const { storePages: texts } = sentences;
  return html`<!doctype html>
    <html lang="${texts.language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title === texts.aboutTitle ? title : `${title} · ${texts.aboutTitle}`}</title>
        <link rel="icon" href="${root}pages/color.svg" />
        <link rel="stylesheet" href="${root}pages/page.css" />
        ${head}
      </head>
      <body>
        <header>
          <a class="name" href="${root}">${texts.aboutTitle}</a>
          <nav aria-label="${texts.pages}">
            <a href="${root}privacy">${texts.privacyLink}</a>
            <a href="${root}terms">${texts.termsLink}</a>
          </nav>
        </header>
        <main class="${isText ? "text" : isWide ? "wide" : "tool"}">
          <h1>${title}</h1>
          ${content}
        </main>
        ${operator && (operator.name ?? operator.contact) ? html`<footer>${runBy(operator, sentences)}</footer>` : ""}
      </body>
    </html>`;
}

function runBy({ name, contact }: Operator, { help }: Sentences) {
  const [before, after] = contact ? help.writeTo({ contact }).split(contact) : [];
  const address = contact?.includes("://") ? contact : `mailto:${contact}`;
  return html`<p>
    ${name ? help.runBy({ name }) : ""} ${contact ? html`${before}<a href="${address}">${contact}</a>${after}` : ""}
  </p>`;
}

/** A text in which what is typed, or a key, stands in brackets. */
export function withKeys(text: string) {
  return text.split(/\[([^\]]+)\]/).map((part, index) => (index % 2 ? html`<kbd>${part}</kbd>` : part));
}
