import { REST, Routes } from "discord.js";
import type { Job } from "../../src/jobs/job.ts";
import type { FakeMessage } from "../../local/discord/records.ts";
import type { World } from "./world.ts";

type Part = Record<string, unknown>;

const button = (label: string, customId: string, style = 2): Part => ({ type: 2, style, label, custom_id: customId });
const link = (label: string, name = ""): Part => ({
  type: 2,
  style: 5,
  label,
  url: `https://easel.example.org/pictures/${name}`,
});
const row = (...components: Part[]): Part => ({ type: 1, components });
const text = (content: string): Part => ({ type: 10, content });
const gallery = (job: Job): Part => ({
  type: 12,
  items: job.pictures.map((_, index) => ({
    media: { url: `attachment://easel-${index + 1}.png` },
    description: job.request.prompt,
  })),
});

/** What a message looked like before December 2026: every button stood in it. */
function componentsOfThen(job: Job): Part[] {
  const names = job.pictures.map(({ kept }) => kept?.name);
  const refs = job.pictures.map((_, index) => `${job.id}.${index + 1}`);
  const words = text(
    `**Your words**\n\`\`\`\n${job.request.prompt}\n\`\`\`\n**What the model drew from**\n> A fox **in snow**`,
  );
  const foot = text(
    "-# Model: GPT Image 2 · Size: 1024×1024 · Quality: medium\n-# Marked: what the model added. · Made by AI",
  );
  const [ref = ""] = refs;
  const one = [
    text("### Here it is"),
    gallery(job),
    words,
    foot,
    row(
      button("Again", `again:${ref}`),
      button("Change words", `words:${ref}`),
      button("More like this", `like:${ref}`),
      button("Edit", `edit:${ref}`),
      button("Finish in high quality", `finish:${ref}`),
    ),
    row(
      button("Use these words", `revised:${ref}`),
      button("Family", `family:${ref}`),
      link("Open original", names[0]),
      button("Delete", `delete:${ref}`, 4),
    ),
  ];
  const several = [
    text(`### Here are your ${refs.length} pictures`),
    gallery(job),
    words,
    foot,
    ...refs.map((each, index) =>
      row(
        button(`${index + 1} · Again`, `again:${each}`),
        button("Change words", `words:${each}`),
        button("More like this", `like:${each}`),
        button("Edit", `edit:${each}`),
        button("More…", `more:${each}`),
      ),
    ),
    row(...names.map((name, index) => link(`Open original ${index + 1}`, name))),
  ];
  return [{ type: 17, accent_color: 3_120_750, components: refs.length > 1 ? several : one }];
}

/** Writes a job's message as the version before would have left it. */
export async function asOfThen(message: FakeMessage, job: Job, { discord }: World): Promise<FakeMessage> {
  const rest = new REST({ api: `${discord.url}/api`, retries: 0 }).setToken(discord.token);
  await rest.patch(Routes.channelMessage(message.channelId, message.id), {
    body: {
      components: componentsOfThen(job),
      flags: 1 << 15,
      attachments: message.attachments.map(({ upload }) => ({ id: upload.id })),
    },
  });
  return discord.message(message.id) ?? message;
}
