import type { Delivery } from "../replies/delivery.ts";
import type { Address } from "../request/request.ts";
import { log } from "../log.ts";
import { composeRecap } from "./recap.ts";
import { changeSession } from "./session.ts";
import type { BoardPlace, Session } from "./session.ts";
import { deliver, isShowable } from "./show-boards.ts";
import type { Gallery } from "./show-boards.ts";

/** A session is over: each of its channels has a message of its own about it. Says when it is tried again where that has trouble. */
export async function postRecaps(session: Session, gallery: Gallery): Promise<number | undefined> {
  const reply = composeRecap(session, gallery.settings);
  if (!reply) return undefined;
  const posted = await Promise.all(
    session.boards.map(async (place, index) => {
      if (place.recapAt || !isShowable(place)) return undefined;
      const post = onceOf(session, index);
      const delivery = await deliver(place.platform, gallery, ({ post: put }) => put(place.address, reply, post));
      return { index, ...whatCame(delivery, place) };
    }),
  );
  const there = posted.filter((one) => one?.at);
  const write = (newest: Session) => {
    for (const one of there) Object.assign(newest.boards[one?.index ?? -1] ?? {}, { recapAt: one?.at });
  };
  const { azure, settings } = gallery;
  const limit = AbortSignal.timeout(azure.times.brainstorm.recordLimitMilliseconds);
  if (there.length) {
    await changeSession(session.id, write, azure, limit);
    settings.narrate?.({ what: "ended", words: session.topic });
  }
  const seconds = posted.flatMap((one) => one?.againInSeconds ?? []);
  if (!seconds.length) return undefined;
  const grown = (Date.now() - Date.parse(session.endedAt ?? "")) / 4000;
  return Date.now() + 1000 * Math.max(...seconds, Math.min(grown, settings.times.work.longestPauseSeconds));
}

/** The same message, should it be posted again; Discord takes 25 characters. */
function onceOf({ id }: Session, index: number): string {
  return `recap-${index}-${id}`.slice(0, 25);
}

/** Where it cannot stand, the board itself, which says the same, is the recap. */
function whatCame(delivery: Delivery, place: BoardPlace): { at?: Address; againInSeconds?: number } {
  if (delivery.delivered) return { at: delivery.address ?? place.address };
  const { platform, channel } = place;
  log.warn({ platform, channel, ...delivery }, "a recap could not be posted");
  return delivery.againInSeconds === undefined ? { at: place.address } : { againInSeconds: delivery.againInSeconds };
}
