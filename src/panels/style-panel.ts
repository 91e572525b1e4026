import { nameOfOwn, useNoStyle, useStyle } from "../styles/own-style.ts";
import { digestOf, listStyles } from "../styles/style-book.ts";
import type { Style } from "../styles/style-book.ts";
import { shorten } from "../words/shorten.ts";
import type { Said } from "../words/said.ts";
import { easelPanels, styles } from "../words/sentences.ts";
import { notForYou } from "./not-for-you.ts";
import { MOST_CHOICES } from "./panel.ts";
import type { Rooms, Visit } from "./panel.ts";
import { forAdmins } from "./rights.ts";
import { panelOf, toPanel } from "./usage.ts";

const LONGEST_LOOK = 60;
const NONE = "none";

/** The style of the channel in which it is pressed: `styles.here`; with a style's mark behind, that one from now on. */
export const stylePanel = forAdmins(async ([mark], { sight, visit, rooms }) => {
  const { where } = sight;
  if (!sight.within) return notForYou();
  const { by, signal } = visit;
  const all = await listStyles(by, rooms.azure, signal);
  const done = mark ? await choose(mark, all, visit, rooms) : [];
  const own = await nameOfOwn(by, rooms.azure);
  const lines = all.map(({ name, versions: [{ version, words, palette }] }) =>
    styles.listLine({
      style: styles.named({ name, version }),
      words: shorten(words || palette.map((colour) => colour.name).join(", "), LONGEST_LOOK),
    }),
  );
  const choices = [
    { panel: `styles.${where}.${NONE}`, name: easelPanels.noStyle },
    ...all.slice(0, MOST_CHOICES - 1).map((style) => ({ panel: `styles.${where}.${markOf(style)}`, name: style.name })),
  ];
  const menu = { do: "panels" as const, menu: "style", label: easelPanels.chooseStyle, choices };
  return {
    show: panelOf(
      easelPanels.stylesTitle,
      [
        ...done,
        own ? easelPanels.styleOwn({ name: own.name }) : easelPanels.styleNone,
        easelPanels.stylesText,
        ...(lines.length ? lines : [easelPanels.stylesEmpty]),
      ],
      [...(all.length ? [menu] : []), toPanel(easelPanels.back, `easel.${where}`)],
    ),
  };
});

/** A name may hold what no panel's name can. */
function markOf({ key }: Style): string {
  return `s${digestOf([key]).slice(0, 16)}`;
}

async function choose(mark: string, all: readonly Style[], { by, signal }: Visit, { azure }: Rooms): Promise<Said[]> {
  if (mark === NONE) {
    await useNoStyle(by, azure, signal);
    return [easelPanels.styleUnset];
  }
  const style = all.find((one) => markOf(one) === mark);
  if (!style) return [];
  await useStyle(style, by, azure, signal);
  return [easelPanels.styleSet({ name: style.name })];
}
