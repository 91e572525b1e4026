import { createHash } from "node:crypto";
import { html, raw } from "hono/html";
import { sentencesFor } from "../words/said.ts";

/** The pages that Teams' and Discord's stores ask for, open to all. An installation may point its listing to pages of its own. */

const sentences = sentencesFor();
const { storePages } = sentences;

export function about() {
  const { what, generated } = sentences.about;
  return page(storePages.aboutTitle, [what, generated]);
}

export function privacy() {
  const { kept, howLong, passedOn, notDone, whoSees, copies } = sentences.privacy;
  return page(storePages.privacyTitle, [kept, howLong, passedOn, notDone, whoSees, copies]);
}

export function terms() {
  const { rules, generated, warranty } = sentences.terms;
  return page(storePages.termsTitle, [rules, generated, warranty]);
}

const style = `
  :root { color-scheme: light dark; }
  body { font: 1.1rem/1.6 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; }
  nav { display: flex; gap: 1.5rem; font-size: 1rem; }
`;

/** Text and this style, and nothing else: from nowhere, and shown inside of no other page. */
export const pagePolicy =
  `default-src 'none'; style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'; ` +
  "form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

function page(title: string, paragraphs: string[]) {
  return html`<!doctype html>
    <html lang="${storePages.language}">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      ${raw(`<style>${style}</style>`)}
      <nav>
        <a href="./">Easel</a><a href="privacy">${storePages.privacyLink}</a><a href="terms">${storePages.termsLink}</a>
      </nav>
      <h1>${title}</h1>
      ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
    </html>`;
}
