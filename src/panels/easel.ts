import type { AnyBooked } from "../purse/rule-book.ts";
import { nameOfOwn } from "../styles/own-style.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import { notForYou } from "./not-for-you.ts";
import type { MakePanel } from "./panel.ts";
import { sightOf, usualSight } from "./rights.ts";
import { isInSight, rulesNow } from "./standing-rules.ts";
import { panelOf, toPanel } from "./usage.ts";
import { otherSight } from "./usage-by.ts";

/** Where ruling a place begins: `easel`, `easel.here`, `easel.bot`. */
export const easelPanel: MakePanel = async ([where], visit, rooms) => {
  const { settings, azure } = rooms;
  const sight = where === undefined ? usualSight(visit, settings) : sightOf(where, visit, settings);
  if (!sight) return notForYou();
  const book = await rulesNow({ visit, rooms });
  const inSight = (booked: AnyBooked) => isInSight(booked, { sight, visit });
  const [budgets, limits, access] = [book.budgets.filter(inSight), book.limits.filter(inSight), book.access];
  const inFile = [...budgets, ...limits, ...access].filter(({ source }) => source === "file").length;
  const own = sight.within ? await nameOfOwn(visit.by, azure) : undefined;
  const to = (label: Parameters<typeof toPanel>[0], name: string) => toPanel(label, `${name}.${sight.where}`);
  const text = [
    easelPanels.intro,
    easelPanels.budgetsCount({ count: budgets.length }),
    easelPanels.limitsCount({ count: limits.length }),
    access.some((booked) => booked.source === "file" || inSight(booked))
      ? easelPanels.accessRuled
      : easelPanels.accessOpen,
    ...(sight.within ? [own ? easelPanels.styleOwn({ name: own.name }) : easelPanels.styleNone] : []),
    ...(inFile ? [easelPanels.introFile({ count: inFile })] : []),
  ];
  return {
    show: panelOf(sight.within ? easelPanels.title({ platform: visit.by.platform }) : easelPanels.titleBot, text, [
      to(easelPanels.budgets, "budgets"),
      to(easelPanels.limits, "limits"),
      to(easelPanels.access, "access"),
      ...(sight.within ? [to(easelPanels.channels, "channel"), to(easelPanels.styles, "styles")] : []),
      to(easelPanels.keeping, "keeping"),
      to(easelPanels.audit, "audit"),
      toPanel(usage.seeUsage, `usage-by.${sight.where}.person.month`),
      ...otherSight((other) => `easel.${other}`, { sight, visit, rooms }),
    ]),
  };
};
