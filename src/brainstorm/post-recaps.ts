import { createHash } from "node:crypto";
import type { Delivery } from "../replies/delivery.ts";
import type { ChatReply } from "../replies/reply.ts";
import { log } from "../log.ts";
import { composeRecap } from "./recap.ts";
import { changeSession } from "./session.ts";
import type { BoardPlace, Session } from "./session.ts";
import { deliver, isShowable } from "./show-boards.ts";
import type { Gallery } from "./show-boards.ts";

/**
 * A session is over: each of its channels has a message of its own about it, which changes where a picture in it is deleted. Says
 * when it is tried again where that has trouble.
 */
export async function postRecaps(session: Session, gallery: Gallery): Promise<number | undefined> {
  const reply = composeRecap(session, gallery.settings);
  if (!reply) return undefined;
  const recap = { reply, hash: createHash("sha256").update(JSON.stringify(reply)).digest("base64url"), gallery };
  const put = await Promise.all(
    session.boards.map(async (place, index) => ({
      index,
      ...(isShowable(place) && (await putRecap(session, index, recap))),
    })),
  );
  const there = put.flatMap(({ index, stands }) => (stands ? [{ index, stands }] : []));
  const write = (newest: Session) => {
    for (const { index, stands } of there) Object.assign(newest.boards[index] ?? {}, stands);
  };
  const { azure, settings } = gallery;
  const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
  if (there.length) await changeSession(session.id, write, azure, limit);
  if (there.some(({ stands }) => stands.recapAt)) settings.narrate?.({ what: "ended", words: session.topic });
  const seconds = put.flatMap(({ againInSeconds }) => againInSeconds ?? []);
  if (!seconds.length) return undefined;
  const grown = (Date.now() - Date.parse(session.endedAt ?? "")) / 4000;
  return Date.now() + 1000 * Math.max(...seconds, Math.min(grown, settings.times.work.longestPauseSeconds));
}

type Recap = { reply: ChatReply; hash: string; gallery: Gallery };

/** `stands` is what the record is to know. */
type Put = { stands?: Pick<BoardPlace, "recapAt" | "recapShows">; againInSeconds?: number };

async function putRecap(session: Session, index: number, { reply, hash, gallery }: Recap): Promise<Put> {
  const place = session.boards[index];
  if (!place) return {};
  const { platform, address, recapAt, recapShows } = place;
  if (recapAt && (recapShows === undefined || recapShows === hash)) return {};
  const delivery = await deliver(platform, gallery, (chat) =>
    recapAt ? chat.change(recapAt, reply) : chat.post(address, reply, onceOf(session, index)),
  );
  return whatCame(delivery, place, hash);
}

/** The same message, should it be posted again; Discord takes 25 characters. */
function onceOf({ id }: Session, index: number): string {
  return `recap-${index}-${id}`.slice(0, 25);
}

/** Where it cannot stand, the board itself, which says the same, is the recap. */
function whatCame(delivery: Delivery, { platform, channel, address, recapAt }: BoardPlace, hash: string): Put {
  const isNew = !recapAt;
  if (delivery.delivered)
    return { stands: { recapShows: hash, ...(isNew && { recapAt: delivery.address ?? address }) } };
  log.warn({ platform, channel, isNew, ...delivery }, "a recap could not be put where it belongs");
  if (delivery.againInSeconds !== undefined) return { againInSeconds: delivery.againInSeconds };
  return { stands: isNew ? { recapAt: address } : { recapShows: hash } };
}
