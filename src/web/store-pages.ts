import { createHash } from "node:crypto";
import { html, raw } from "hono/html";

/** The pages that Teams' and Discord's stores ask for, open to all. An installation may point its listing to pages of its own. */

export function about() {
  return page("Easel", [
    "Easel draws pictures from words, in the chat where a team already talks: /imagine in Discord, “imagine …” in Microsoft Teams.",
    "Every picture is made by an AI model. To report one that should not be here, write to whoever runs this installation, or use the report function of your chat.",
  ]);
}

export function privacy() {
  return page("Easel: privacy", [
    "What is kept: the words of a request with its options, who asked (the chat platform's id and the display name) and where, the pictures, those that were sent along for an edit, and the words that the model drew from. It is kept in the operator's own Azure Storage account, so that messages go on showing their pictures.",
    "For how long: until it is deleted there. A picture that was sent along goes with the last picture made of it; where none was made of it, it goes after a day or two, and so does what was begun on the page for painting and never sent. What shows a picture while it is drawn goes as soon as that is done.",
    "What is passed on: the words, and for an edit the pictures it is made from, go to the image service that the operator has set up, with a hash in place of the person. The picture goes to the chat.",
    "What is not done: nothing is sold, nothing is used for advertising, and Easel trains no model. Words and pictures are not written into logs.",
    "A picture's address cannot be guessed, but whoever has it can open it. Whoever asked for a picture, or a moderator of the place, can delete it with the button under it: it is then taken out of storage and out of its message, with the words that the model drew from. The words of the request stay with whoever runs this installation.",
    "Copies are beyond that button: a browser that has shown a picture may keep it for a day, and the chat platform may keep one of its own for longer. For everything else, write to whoever runs this installation.",
  ]);
}

export function terms() {
  return page("Easel: terms of use", [
    "Ask for pictures only within the rules of your organisation, of the chat platform and of the image service, whose safety filter may refuse a request.",
    "Pictures are made by an AI model and may be wrong or surprising. Look at them before you rely on them, and say that they are made by AI where you publish them.",
    "Easel is given as it is, without warranty, by whoever runs this installation.",
  ]);
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
    <html lang="en">
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width" />
      <title>${title}</title>
      ${raw(`<style>${style}</style>`)}
      <nav><a href="./">Easel</a><a href="privacy">Privacy</a><a href="terms">Terms of use</a></nav>
      <h1>${title}</h1>
      ${paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
    </html>`;
}
