import { randomUUID } from "node:crypto";
import { noteNames } from "../../src/jobs/names.ts";
import { openPanel } from "../../src/panels/open-panel.ts";
import type { PanelForm, Visit } from "../../src/panels/panel.ts";
import { settleJob } from "../../src/purse/ledger.ts";
import type { SettledJob } from "../../src/purse/ledger.ts";
import { openRuleBook } from "../../src/purse/rule-book.ts";
import type { FormValues } from "../../src/replies/form.ts";
import type { SpokenReply } from "../../src/replies/reply.ts";
import { AT_EVENT } from "../../src/request/request.ts";
import type { Asker } from "../../src/request/request.ts";
import type { Configuration } from "../../src/configuration.ts";
import { openCore } from "../src/core-world.ts";
import type { Core } from "../src/core-world.ts";
import { spoken } from "../words/spoken.ts";

/** Ids as Discord has them. */
export const idOf = (number: number) => String(1_200_000_000_000_000_000n + BigInt(number));

export const [HOME, ELSEWHERE] = [idOf(1), idOf(2)];

/** Somebody in a server, or with `workspace: undefined` in a direct message. */
export function person(name: string, number: number, more: Partial<Asker> = {}): Asker {
  const where = { platform: "discord", workspace: HOME, channel: idOf(21) };
  return Object.assign(
    { ...where, user: idOf(100 + number), name, ...more },
    { [AT_EVENT]: { channelName: "pictures" } },
  );
}

export type PanelWorld = {
  core: Core;
  /** As whoever may, or may not, manage the server. */
  open(panel: string, by: Asker, how?: { runs?: boolean; values?: FormValues; takesFiles?: boolean }): Promise<Opened>;
  spend(by: Asker, dollars: number, pictures?: number): Promise<void>;
  configure(change: Configuration): void;
  stop(): void;
};

export type Opened = { reply?: SpokenReply; form?: PanelForm; text: string; panels: string[] };

export async function openPanelWorld(connectionString: string, change = {}): Promise<PanelWorld> {
  const core = await openCore(connectionString, "http://127.0.0.1:1", change);
  const stopping = new AbortController();
  openRuleBook(core.azure, stopping.signal);
  return {
    core,
    async open(panel, by, { runs = false, values, takesFiles = true } = {}) {
      const visit: Visit = {
        panel,
        values,
        by,
        runsWorkspace: runs,
        hasRoles: true,
        takesFiles,
        event: randomUUID(),
        signal: AbortSignal.timeout(20_000),
      };
      const outcome = await openPanel(visit, core);
      if ("form" in outcome) return { form: outcome, text: JSON.stringify(spoken(outcome.form)), panels: [] };
      const reply = spoken(outcome.show);
      const panels = reply.actions.flatMap((action) => {
        if (action.do === "panels") return action.choices.map((choice) => choice.panel);
        return action.do === "panel" ? [action.panel] : [];
      });
      return { reply, text: [reply.title, ...reply.paragraphs].join("\n"), panels };
    },
    async spend(by, dollars, pictures = 1) {
      await noteNames(by, core.azure);
      await settleJob(paidJob(by, dollars, pictures), core.settings, core.azure);
    },
    configure: (present) => void (core.settings.configuration.present = present),
    stop: () => stopping.abort(),
  };
}

/** Of gpt-image-2, by the tokens that come to so much. */
function paidJob(by: Asker, dollars: number, pictures: number): SettledJob {
  const pictureOut = Math.round((dollars / pictures / 30) * 1_000_000);
  const usage = { textIn: 0, pictureIn: 0, cachedTextIn: 0, cachedPictureIn: 0, textOut: 0, pictureOut };
  const order = { model: "gpt-image-2", size: "1024x1024", quality: "low", count: pictures, prompt: "" } as const;
  const picture = { state: "kept", lostCalls: 0, kept: { usage } };
  return {
    id: `test-${randomUUID()}`,
    acceptedAt: new Date().toISOString(),
    order,
    request: { askedBy: by },
    pictures: Array.from({ length: pictures }, () => picture),
  };
}
