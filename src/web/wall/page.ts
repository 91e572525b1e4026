import { html } from "hono/html";
import { namesOf } from "../../ask/wall.ts";
import { WALL_ORDERS } from "../../jobs/wall.ts";
import type { Operator } from "../../settings.ts";
import { sentencesFor } from "../../words/said.ts";
import { shorten } from "../../words/shorten.ts";
import { pageFrame } from "../pages/frame.ts";
import type { HungPicture, Look, SeenWall } from "./see-wall.ts";

/** Told from the page's own address, so that it works under any path that PUBLIC_URL has. */
const ROOT = "../";

/** So that a page of pictures stays one of pictures. */
const MOST_WORDS = 160;

const sentences = sentencesFor();
const { wallPage: texts } = sentences;

/** What a channel keeps, for whoever was given the address there. It changes nothing. */
export function wallPage(seen: SeenWall, { order }: Look, operator?: Operator) {
  const head = html`<meta name="robots" content="noindex" />
    <link rel="stylesheet" href="${ROOT}wall-page/wall.css" />`;
  const { pictures, isCut, page, hasMore } = seen;
  const content = html`<p class="hint">${texts.intro} ${isCut ? texts.newestOnly : ""}</p>
    ${
      pictures.length
        ? html`${page > 0 || hasMore || pictures.length > 1 ? orders(order) : ""}
            <ol class="wall" role="list" start="${pictures[0]?.number ?? 1}">
              ${pictures.map(figure)}
            </ol>
            ${turns(seen, order)}`
        : html`<p class="card">${texts.empty}</p>`
    }`;
  return pageFrame({ title: texts.title, root: ROOT, head, content, isWide: true, operator }, sentences);
}

/** What stands in place of the page while storage is away. */
export function unreachablePage(operator?: Operator) {
  const content = html`<section class="card closed"><p>${sentences.closedPages.unreachable}</p></section>`;
  return pageFrame({ title: sentences.closedTitles.unreachable, root: ROOT, content, operator }, sentences);
}

function orders(current: Look["order"]) {
  return html`<nav class="turns" aria-label="${texts.order}">
    ${WALL_ORDERS.map((order) => {
      const mark = order === current ? html`aria-current="true"` : "";
      return html`<a href="?order=${order}" ${mark}>${texts[order]}</a>`;
    })}
  </nav>`;
}

function turns({ page, hasMore }: SeenWall, order: Look["order"]) {
  if (!page && !hasMore) return "";
  const to = (number: number) => `?order=${order}&page=${number}`;
  return html`<nav class="turns" aria-label="${texts.pages}">
    ${page > 0 ? html`<a href="${to(page)}" rel="prev">${texts.newer}</a>` : ""}
    <span aria-current="page">${texts.pageNumber({ number: page + 1 })}</span>
    ${hasMore ? html`<a href="${to(page + 2)}" rel="next">${texts.older}</a>` : ""}
  </nav>`;
}

function figure({ number, kept, words, askedBy, keepers }: HungPicture) {
  const { name, preview, width, height } = kept;
  const short = shorten(words.replaceAll(/\s+/g, " ").trim(), MOST_WORDS);
  return html`<li id="picture-${number}">
    <figure>
      <a href="${ROOT}pictures/${name}"
        ><img
          src="${ROOT}pictures/${preview ?? name}"
          width="${width}"
          height="${height}"
          alt="${short}"
          loading="lazy"
          decoding="async"
      /></a>
      <figcaption>
        <p class="words" dir="auto">${short}</p>
        <p class="by" dir="auto">${texts.askedBy({ name: askedBy })}</p>
        <p class="by" dir="auto">★ ${texts.keptBy(namesOf(keepers))}</p>
      </figcaption>
    </figure>
  </li>`;
}
