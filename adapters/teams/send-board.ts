import type { ChangeBeside, ShowBoard } from "../../src/brainstorm/board.ts";
import type { Delivery } from "../../src/replies/delivery.ts";
import { privateWordReply } from "../../src/replies/compose-reply.ts";
import type { ChatReply } from "../../src/replies/reply.ts";
import type { Address } from "../../src/request/request.ts";
import type { Settings } from "../../src/settings.ts";
import { waiting } from "../../src/words/sentences.ts";
import { newMessageAt } from "./address.ts";
import { longestPromptOf } from "./card/request-form.ts";
import { openConnector } from "./connector/connector.ts";
import { putMessage } from "./connector/put-message.ts";
import { deliver, deliveryOf, notOfTeams, placeOf } from "./send.ts";
import type { TeamsSettings } from "./settings.ts";
import { showBoard, showReply } from "./show.ts";

/** Boards of brainstorms on Teams, from an address alone and in any process; `post` puts a message of its own beside one. */
export function teamsBoards(
  settings: Settings,
  teams: TeamsSettings,
): { show: ShowBoard; post: (address: Address, reply: ChatReply) => Promise<Delivery>; change: ChangeBeside } {
  const connector = openConnector(teams);
  const { boardLimitMilliseconds, boardCallLimitMilliseconds } = teams.times;
  const longestPrompt = longestPromptOf(settings);
  const patience = () => ({
    until: AbortSignal.timeout(boardLimitMilliseconds),
    callUntil: AbortSignal.timeout(boardCallLimitMilliseconds),
  });
  return {
    async show(address, board) {
      const place = placeOf(address, teams);
      if (!place) return notOfTeams;
      const { locale } = place;
      const messages = {
        whole: showBoard(board, { locale }),
        brief: () => showBoard(board, { locale, brief: true }),
        instead: () => showReply(privateWordReply(waiting.below), { locale, longestPrompt, shared: true }),
      };
      return deliveryOf(await putMessage(connector, place, messages, patience()), { connector, address: place });
    },
    async post(address, reply) {
      const place = placeOf(address, teams);
      if (!place) return notOfTeams;
      return deliver(connector, newMessageAt(place, false), reply, { longestPrompt, patience: patience() });
    },
    async change(address, reply) {
      const place = placeOf(address, teams);
      if (!place) return notOfTeams;
      return deliver(connector, place, { ...reply, onlyInPlace: true }, { longestPrompt, patience: patience() });
    },
  };
}
