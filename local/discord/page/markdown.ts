/** Discord's markdown as DOM nodes. */
import { make } from "./dom.ts";

export type Names = { user: (id: string) => string | undefined; channel: (id: string) => string | undefined };

export function markdown(text: string, names: Names): DocumentFragment {
  const fragment = document.createDocumentFragment();
  for (const [index, part] of text.split(/```(?:[\w+-]+\n)?([\s\S]*?)```\n?/).entries()) {
    if (index % 2)
      fragment.append(make("pre", { class: "md-fence" }, make("code", {}, part.replaceAll(/^\n+|\n+$/g, ""))));
    else if (part) fragment.append(...blocksOf(part.replace(/\n$/, "").split("\n"), names));
  }
  return fragment;
}

const list = /^(\s*)(?:[-*]|(\d+)\.) (.*)$/;

function blocksOf(lines: string[], names: Names): Node[] {
  const nodes: Node[] = [];
  let plain: string[] = [];
  const flush = () => {
    if (plain.length) nodes.push(make("p", { class: "md-text" }, ...inline(plain.join("\n"), names)));
    plain = [];
  };
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? "";
    const heading = /^(#{1,3}) +(.+)$/.exec(line);
    const small = /^-# +(.+)$/.exec(line);
    if (heading) {
      flush();
      // The page has headings of its own: those of a message come below them.
      nodes.push(
        make("h3", { class: `md-heading md-heading-${heading[1]?.length}` }, ...inline(heading[2] ?? "", names)),
      );
    } else if (small) {
      flush();
      nodes.push(make("p", { class: "md-small" }, ...inline(small[1] ?? "", names)));
    } else if (line.startsWith(">>> ")) {
      flush();
      const rest = [line.slice(4), ...lines.slice(at + 1)];
      nodes.push(make("blockquote", { class: "md-quote" }, ...blocksOf(rest, names)));
      at = lines.length;
    } else if (line.startsWith("> ") || line === ">") {
      flush();
      const end = endOf(lines, at, (one) => one.startsWith("> ") || one === ">");
      const quoted = lines.slice(at, end).map((one) => one.slice(2));
      nodes.push(make("blockquote", { class: "md-quote" }, ...blocksOf(quoted, names)));
      at = end - 1;
    } else if (list.test(line)) {
      flush();
      const isNumbered = isNumberedItem(line);
      const end = endOf(lines, at, (one) => list.test(one) && isNumberedItem(one) === isNumbered);
      nodes.push(listOf(lines.slice(at, end), names));
      at = end - 1;
    } else plain.push(line);
  }
  flush();
  return nodes;
}

function endOf(lines: string[], from: number, isOf: (line: string) => boolean): number {
  const after = lines.slice(from).findIndex((line) => !isOf(line));
  return after < 0 ? lines.length : from + after;
}

const isNumberedItem = (line: string) => list.exec(line)?.[2] !== undefined;

function listOf(lines: string[], names: Names): HTMLElement {
  const matched = lines.map((line) => list.exec(line));
  const items = matched.map((match) =>
    make("li", { class: match?.[1] ? "md-inner" : undefined }, ...inline(match?.[3] ?? "", names)),
  );
  const first = matched[0]?.[2];
  return first ? make("ol", { class: "md-list", start: first }, ...items) : make("ul", { class: "md-list" }, ...items);
}

type Rule = [RegExp, (match: RegExpExecArray, names: Names) => Node | string];

const inner =
  (name: "strong" | "em" | "u" | "s"): Rule[1] =>
  ([, text = ""], names) =>
    make(name, {}, ...inline(text, names));

/** In the order in which they are tried where two begin at the same place. */
const rules: Rule[] = [
  [/\\([^\w\s])/, ([, character = ""]) => character],
  [/``(.+?)``|`([^`\n]+)`/, ([, two, one]) => make("code", { class: "md-code" }, (two ?? one ?? "").trim())],
  [/\|\|([\s\S]+?)\|\|/, ([, text = ""], names) => spoiler(inline(text, names))],
  [/\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/, inner("strong")],
  [/__((?:\\[\s\S]|[^\\])+?)__(?!_)/, inner("u")],
  [/~~((?:\\[\s\S]|[^\\])+?)~~/, inner("s")],
  [/\*(?![\s*])((?:\\[\s\S]|[^\\*])+?)\*/, inner("em")],
  [/(?<!\w)_(?![\s_])((?:\\[\s\S]|[^\\_])+?)_(?!\w)/, inner("em")],
  [
    /\[([^\]\n]+)\]\(<?(https?:\/\/[^\s)>]+)>?(?: "[^"]*")?\)/,
    ([, text = "", url = ""], names) => link(url, inline(text, names)),
  ],
  [/<(https?:\/\/[^\s>]+)>/, ([, url = ""]) => link(url, [url])],
  [/https?:\/\/[^\s<>]*[^\s<>.,:;"'\])]/, ([url]) => link(url, [url])],
  [/<@!?(\d+)>/, ([, id = ""], { user }) => make("span", { class: "md-mention" }, `@${user(id) ?? "unknown-user"}`)],
  [/<#(\d+)>/, ([, id = ""], { channel }) => make("span", { class: "md-mention" }, `#${channel(id) ?? "unknown"}`)],
  [/<\/([^:>]+):\d+>/, ([, name = ""]) => make("span", { class: "md-mention" }, `/${name}`)],
  [/<t:(-?\d+)(?::([tTdDfFR]))?>/, ([, seconds = "0", style = "f"]) => timeOf(Number(seconds), style)],
];

function inline(text: string, names: Names): (Node | string)[] {
  const found = rules
    .map(([pattern, turn]) => ({ match: pattern.exec(text), turn }))
    .filter((one): one is { match: RegExpExecArray; turn: Rule[1] } => one.match !== null)
    .sort((a, b) => a.match.index - b.match.index)[0];
  if (!found) return text ? [text] : [];
  const { match, turn } = found;
  const before = text.slice(0, match.index);
  return [...(before ? [before] : []), turn(match, names), ...inline(text.slice(match.index + match[0].length), names)];
}

function link(href: string, content: (Node | string)[]): HTMLElement {
  return make("a", { class: "md-link", href, target: "_blank", rel: "noreferrer" }, ...content);
}

function spoiler(content: (Node | string)[]): HTMLElement {
  const node = make("button", { class: "md-spoiler", type: "button", "aria-label": "Spoiler: show it" }, ...content);
  node.addEventListener("click", () => {
    node.classList.add("shown");
    node.removeAttribute("aria-label");
  });
  return node;
}

const styles: Record<string, Intl.DateTimeFormatOptions> = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
};

function timeOf(seconds: number, style: string): HTMLElement {
  const date = new Date(seconds * 1000);
  const text = style === "R" ? agoOf(seconds) : new Intl.DateTimeFormat("en", styles[style]).format(date);
  return make("time", { class: "md-time", datetime: date.toISOString(), title: date.toLocaleString("en") }, text);
}

const units = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

function agoOf(seconds: number): string {
  const difference = seconds - Date.now() / 1000;
  const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const [unit, size] = units.find(([, length]) => Math.abs(difference) >= length) ?? ["second" as const, 1];
  return format.format(Math.round(difference / size), unit);
}
