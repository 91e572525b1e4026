import { randomBytes } from "node:crypto";
import { log } from "../log.ts";
import { drawDays } from "../pixels/draw-days.ts";
import type { Day } from "../pixels/draw-days.ts";
import { readDays } from "../purse/sums.ts";
import type { Scope } from "../purse/payer.ts";
import { addDays, dayIn } from "../purse/periods.ts";
import { pictureUrl } from "../replies/picture-reply.ts";
import type { ReplyPicture } from "../replies/reply.ts";
import { personOf } from "../request/request.ts";
import { storeOnce } from "../storage/picture-blobs.ts";
import { easelPanels, usage } from "../words/sentences.ts";
import type { MakePanel, Rooms } from "./panel.ts";
import { notForYou } from "./not-for-you.ts";
import { scopeOfSight, sightOf } from "./rights.ts";
import { panelOf, toPanel } from "./usage.ts";
import { otherSight } from "./usage-by.ts";

const DAYS = 30;

/** The last days as a picture: `usage-days.mine`, `.here`, `.bot`. */
export const usageDaysPanel: MakePanel = async ([where = ""], visit, rooms) => {
  const sight = where === "mine" ? undefined : sightOf(where, visit, rooms.settings);
  if (where !== "mine" && !sight) return notForYou();
  const scope: Scope = sight ? scopeOfSight(sight) : { kind: "person", person: personOf(visit.by) };
  const days = await daysOf(scope, rooms, visit.signal);
  const [from, to] = [days[0]?.day ?? "", days.at(-1)?.day ?? ""];
  const total = days.reduce(
    (sum, { dollars, pictures }) => ({ dollars: sum.dollars + dollars, pictures: sum.pictures + pictures }),
    { dollars: 0, pictures: 0 },
  );
  const picture = await pictureOf(days, rooms);
  const title = !sight ? usage.daysTitleMine : sight.within ? usage.daysTitle : usage.daysTitleBot;
  const actions = [
    ...(sight ? otherSight((other) => `usage-days.${other}`, { sight, visit, rooms }) : []),
    ...(sight ? [toPanel(usage.csv, `usage-csv.${where}.month`)] : []),
    toPanel(easelPanels.back, "usage"),
  ];
  const panel = panelOf(title, [usage.daysText({ from, to, total })], actions);
  return { show: { ...panel, pictures: picture ? [picture] : [] } };
};

type DayOf = Day & { pictures: number };

/** Each of the last days, also those on which nothing was spent. */
export async function daysOf(scope: Scope, { azure }: Rooms, signal: AbortSignal): Promise<DayOf[]> {
  const to = dayIn(azure.timeZone, new Date());
  const from = addDays(to, 1 - DAYS);
  const days = await readDays(scope, { from, to }, azure, signal);
  return days.map(({ day, sum: { dollars, pictures } }) => ({ day, dollars, pictures }));
}

/** Under a name that nobody can guess, and swept like any sheet. Nothing where it cannot be kept: the words say the sum. */
async function pictureOf(days: DayOf[], { settings, azure }: Rooms): Promise<ReplyPicture | undefined> {
  try {
    const { bytes, width, height } = await drawDays(days);
    const id = randomBytes(20).toString("hex");
    const name = `${id}-sheet.png`;
    await azure.container.getBlockBlobClient(`sheets/usage-${id}/${name}`).upload("", 0);
    await storeOnce(name, { bytes, mediaType: "image/png" }, azure);
    const url = pictureUrl(name, settings);
    const dearest = days.toSorted((one, other) => other.dollars - one.dollars)[0];
    const altText = usage.daysAlt({
      from: days[0]?.day ?? "",
      to: days.at(-1)?.day ?? "",
      dearest: dearest && dearest.dollars > 0 ? { day: dearest.day, dollars: dearest.dollars } : undefined,
    });
    return { name, mediaType: "image/png", width, height, bytes: bytes.length, url, previewUrl: url, altText };
  } catch (error) {
    log.warn({ error }, "no picture of the days could be made");
    return undefined;
  }
}
