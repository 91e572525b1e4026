import type { Azure } from "../storage/azure.ts";
import { album, picks, sheetOf, shortWords } from "./browse.ts";
import { findPicture } from "./go-on.ts";
import type { PicturePress } from "./go-on.ts";
import type { Job } from "../jobs/job.ts";
import { isOnPlaceOf, maySee, mayWithdraw } from "../jobs/rights.ts";
import { changeKept, readWall, takeOffWall, wallOf, wallPageOf, WALL_ORDERS } from "../jobs/wall.ts";
import type { Keeper, WallOrder } from "../jobs/wall.ts";
import { log } from "../log.ts";
import { privateWordReply, sorryReply } from "../replies/compose-reply.ts";
import type { ChatReply, ReplyAction } from "../replies/reply.ts";
import { personOf } from "../request/request.ts";
import type { Asker } from "../request/request.ts";
import type { Said } from "../words/said.ts";
import { failed, labels, wall } from "../words/sentences.ts";
import type { Settings } from "../settings.ts";
import { oneLine } from "../words/one-line.ts";

/** Pictures on a page of it. */
const WALL_PAGE = 9;

type KeepPress = PicturePress & { isModerator: boolean; id: string };

/** Puts a picture on the wall of its channel, or takes it off again where the presser keeps it. */
export async function keepReply(press: KeepPress, azure: Azure): Promise<ChatReply> {
  const found = await findOnPlace(press, azure);
  if ("sorry" in found) return privateWordReply(found.sorry);
  const { by, id, isModerator, ref, signal } = press;
  try {
    const keepers = await changeKept(found, { by, event: id }, azure, signal);
    const person = personOf(by);
    const others = keepers.filter((keeper) => keeper.person !== person);
    const isKept = keepers.length > others.length;
    const said = whatIsKept(isKept, namesOf(others), by);
    const mayTakeOff = others.length > 0 && mayWithdraw(found.job, by, isModerator);
    const actions: ReplyAction[] = mayTakeOff ? [{ do: "off", label: wall.takeOff, ref }] : [];
    return { ...privateWordReply(said), mood: "finished", actions };
  } catch (error) {
    log.error({ error, ref }, "a picture could not be kept on a wall");
    return privateWordReply(failed.notNoted);
  }
}

function whatIsKept(isKept: boolean, others: Names, { platform }: Asker): Said {
  if (isKept) return others.count ? wall.keptToo({ ...others, platform }) : wall.kept({ platform });
  return others.count ? wall.stillKept(others) : wall.isOff;
}

/** For all: by whoever asked for the picture, or a moderator of the place. */
export async function takeOffReply(press: KeepPress, azure: Azure): Promise<ChatReply> {
  const found = await findOnPlace(press, azure);
  if ("sorry" in found) return privateWordReply(found.sorry);
  const { by, isModerator, ref, signal } = press;
  if (!mayWithdraw(found.job, by, isModerator)) return privateWordReply(wall.notYours);
  try {
    const isThere = await takeOffWall(found, by, azure, signal);
    return { ...privateWordReply(isThere ? wall.isOff : wall.wasOff), mood: "finished" };
  } catch (error) {
    log.error({ error, ref }, "a picture could not be taken off a wall");
    return privateWordReply(failed.notNoted);
  }
}

/** A picture that all may see where it is pressed: what is one person's alone hangs on no wall, nor on another channel's. */
async function findOnPlace(press: PicturePress, azure: Azure) {
  const found = await findPicture(press, azure);
  if ("sorry" in found) return found;
  if (found.job.request.private) return { sorry: wall.isPrivate };
  return isOnPlaceOf(found.job, press.by) ? found : { sorry: wall.elsewhere };
}

/** What the people of the presser's channel keep, with a way on from any of it. */
export async function wallReply(
  by: Asker,
  { order, page: wanted, signal }: { order: WallOrder; page: number; signal?: AbortSignal },
  settings: Settings,
  azure: Azure,
): Promise<ChatReply> {
  const own = wallOf(by);
  try {
    const asked = { order, page: wanted, size: WALL_PAGE, maySee: (job: Job) => isPublicTo(job, by) };
    const { members, page, hasMore, isCut } = await readWall(own, asked, azure, signal);
    if (!members.length) return privateWordReply(wanted ? wall.noMore : wall.empty);
    const words = shortWords(members);
    const lines = members.map(({ number, keepers }, index) =>
      wall.line({ number, words: words[index] ?? "", ...namesOf(keepers) }),
    );
    const cut = isCut ? [wall.newestOnly] : [];
    const sheet = await sheetOf(members, { altText: wall.title }, settings, azure);
    const turns = turnsOf({ order, page, hasMore });
    const link = await linkTo(own, settings, azure, signal);
    return album(wall.title, [...lines, ...cut], sheet, [...picks(members), ...turns, ...link]);
  } catch (error) {
    log.error({ error }, "a wall could not be read");
    return sorryReply(failed.storage);
  }
}

function isPublicTo(job: Job, by: Asker): boolean {
  return !job.request.private && maySee(job, by);
}

function turnsOf({ order, page, hasMore }: { order: WallOrder; page: number; hasMore: boolean }): ReplyAction[] {
  const turn = (label: Said, to: { order: WallOrder; page: number }): ReplyAction => ({ do: "wall", label, ...to });
  const other = WALL_ORDERS.find((each) => each !== order) ?? order;
  return [
    ...(page > 0 ? [turn(labels.newer, { order, page: page - 1 })] : []),
    ...(hasMore ? [turn(labels.older, { order, page: page + 1 })] : []),
    ...(page > 0 || hasMore ? [turn(wall[other], { order: other, page: 0 })] : []),
  ];
}

async function linkTo(
  own: ReturnType<typeof wallOf>,
  { publicUrl }: Settings,
  azure: Azure,
  signal?: AbortSignal,
): Promise<ReplyAction[]> {
  if (!publicUrl) return [];
  const url = `${publicUrl}/walls/${await wallPageOf(own, azure, signal)}`;
  return [{ do: "open", label: wall.openPage, url }];
}

type Names = { names: string[]; count: number };

/** So many are named. */
const MOST_NAMES = 3;

export function namesOf(keepers: Keeper[]): Names {
  return { names: keepers.slice(0, MOST_NAMES).map(({ name }) => oneLine(name)), count: keepers.length };
}

/** What a button to another page holds. */
export function textOfTurn({ order, page }: { order: WallOrder; page: number }): string {
  return `${order}.${page}`;
}

export function readTurn(text: string): { order: WallOrder; page: number } {
  const [order, page] = text.split(".");
  return {
    order: WALL_ORDERS.find((each) => each === order) ?? "newest",
    page: Math.max(0, Number.parseInt(page ?? "", 10) || 0),
  };
}
