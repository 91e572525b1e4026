import type { Fault } from "../discord/page-protocol.ts";
import { cloudflarePage, refusal } from "../discord/refusals.ts";
import type { FakeDiscord } from "../discord/start.ts";
import { noteChange } from "../discord/world.ts";
import type { StorageGate } from "../storage-gate.ts";
import { FAULT_IDS, FAULTS } from "./faults.ts";
import type { FaultId } from "./faults.ts";
import type { ImageFaultId, ImageTrouble } from "./image-trouble.ts";
import { watchCalls } from "./watch-calls.ts";

export type FlightSimulator = {
  list(): Fault[];
  switch(id: string, on: boolean): void;
  /** Tells whenever the list is another. Returns what ends that. */
  onChange(tell: () => void): () => void;
  /** How often what somebody does now is delivered. */
  deliveries(): number;
  /** Something happened that belongs to whatever was switched on. */
  note(what: string): void;
};

/** The parts of the world that can be made to fail. */
export type Parts = {
  discord: FakeDiscord;
  /** The thread that is archived. */
  thread: string;
  images: Pick<ImageTrouble, "begin" | "end">;
  storage: Pick<StorageGate, "shut" | "open">;
  killAndStartBotAgain: () => Promise<void>;
};

/** How a fault is begun and ended. `met` is called when it strikes, with what it did if nobody else tells of it. */
type Trouble = { begin(met: (what?: string) => void): void; end?(): void };

/** What happens so long after the end of a fault still belongs to it. */
const AFTERMATH_MILLISECONDS = 60_000;
const MOST_HAPPENED = 60;

type Kept = Pick<Fault, "on" | "happened"> & { endedAt: number };

/** Faults at the flick of a switch, and what came of each. */
export function makeSimulator(parts: Parts): FlightSimulator {
  const kept = new Map<FaultId, Kept>(FAULT_IDS.map((id) => [id, { on: false, happened: [], endedAt: 0 }]));
  const stateOf = (id: FaultId): Kept => kept.get(id) ?? { on: false, happened: [], endedAt: 0 };
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const tell of listeners) tell();
  };
  const write = ({ happened }: Kept, what: string) => {
    happened.push({ at: Date.now(), what });
    if (happened.length > MOST_HAPPENED) happened.splice(0, happened.length - MOST_HAPPENED);
  };
  const note = (what: string) => {
    const concerned = [...kept.values()].filter(
      ({ on, endedAt }) => on || Date.now() - endedAt < AFTERMATH_MILLISECONDS,
    );
    for (const state of concerned) write(state, what);
    if (concerned.length) changed();
  };
  const troubles = troublesOf(parts, () => stateOf("delivered-twice").on);
  const end = (id: FaultId) => {
    const state = stateOf(id);
    if (!state.on) return;
    Object.assign(state, { on: false, endedAt: Date.now() });
    troubles[id].end?.();
  };
  const begin = (id: FaultId) => {
    const state = stateOf(id);
    if (state.on) return;
    Object.assign(state, { on: true, happened: [] });
    troubles[id].begin((what) => {
      if (what) write(state, what);
      if (FAULTS[id].once) end(id);
      changed();
    });
  };
  watchCalls(parts.discord, note);
  return {
    list: () =>
      FAULT_IDS.map((id) => {
        const { on, happened } = stateOf(id);
        return { id, ...FAULTS[id], platforms: [...FAULTS[id].platforms], on, happened: [...happened] };
      }),
    switch(id, on) {
      if (!isFault(id)) throw new Error(`the flight simulator has no “${id}”`);
      if (on) begin(id);
      else end(id);
      changed();
    },
    onChange(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    deliveries: () => troubles["delivered-twice"].deliveries(),
    note,
  };
}

function isFault(id: string): id is FaultId {
  return Object.hasOwn(FAULTS, id);
}

type Troubles = Record<FaultId, Trouble> & { "delivered-twice": { deliveries(): number } };

function troublesOf(parts: Parts, isTwice: () => boolean): Troubles {
  const { storage, killAndStartBotAgain } = parts;
  let twice: (what?: string) => void = () => undefined;
  const ofImages = (id: ImageFaultId): Trouble => ({
    begin: (met) => parts.images.begin(id, met),
    end: () => parts.images.end(id),
  });
  return {
    ...troublesOfDiscord(parts),
    "delivered-twice": {
      begin: (met) => {
        twice = met;
      },
      deliveries: () => {
        if (!isTwice()) return 1;
        twice("The event is delivered two times.");
        return 2;
      },
    },
    "storage-away": { begin: () => storage.shut(), end: () => storage.open() },
    "images-slow": ofImages("images-slow"),
    "images-429": ofImages("images-429"),
    "words-blocked": ofImages("words-blocked"),
    "picture-blocked": ofImages("picture-blocked"),
    "picture-too-large": ofImages("picture-too-large"),
    "bot-killed": {
      begin: (met) => {
        const began = Date.now();
        void killAndStartBotAgain().then(() =>
          met(`Killed, and up again after ${((Date.now() - began) / 1000).toFixed(1)} s.`),
        );
      },
    },
  };
}

function troublesOfDiscord({
  discord,
  thread,
}: Parts): Record<"late-acknowledgement" | "dead-token" | "archived-thread" | "cloudflare-page", Trouble> {
  const { world } = discord;
  const ends = new Map<string, () => void>();
  const endOf = (name: string) => () => {
    ends.get(name)?.();
    ends.delete(name);
  };
  return {
    "late-acknowledgement": {
      begin: (met) => {
        const seconds = discord.limits.interactionSeconds + 0.3;
        const isFirstAnswer = ({ path }: { path: string }) => path.endsWith("/callback");
        const planted = discord.fail(
          (request) => {
            if (!isFirstAnswer(request)) return false;
            met(`The first answer is held up for ${seconds} s.`);
            return true;
          },
          { delaySeconds: seconds },
        );
        ends.set("late", () => planted.hits || planted.stop());
      },
      end: endOf("late"),
    },
    "dead-token": {
      begin: () => {
        const planted = discord.fail({ path: /^\/webhooks\// }, { answer: refusal(50027), times: Infinity });
        ends.set("dead", () => planted.stop());
      },
      end: endOf("dead"),
    },
    "archived-thread": {
      begin: (met) => {
        const channel = discord.channel(thread);
        channel.archived = true;
        noteChange(world);
        const look = () => {
          if (!channel.archived) met("The thread is open again.");
        };
        world.watchers.add(look);
        ends.set("archived", () => {
          world.watchers.delete(look);
          channel.archived = false;
          noteChange(world);
        });
      },
      end: endOf("archived"),
    },
    "cloudflare-page": {
      begin: () => {
        const planted = discord.fail(({ path }) => !path.endsWith("/callback"), {
          answer: cloudflarePage(503),
          times: Infinity,
        });
        ends.set("page", () => planted.stop());
      },
      end: endOf("page"),
    },
  };
}
