import type { APIChatInputApplicationCommandInteraction, APIModalSubmitInteraction } from "discord.js";
import { askedFault, beginSession } from "../../../src/brainstorm/begin.ts";
import { joinSession } from "../../../src/brainstorm/join.ts";
import { log } from "../../../src/log.ts";
import { privateWordReply, sorryReply } from "../../../src/replies/compose-reply.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import type { Asker } from "../../../src/request/request.ts";
import type { Said } from "../../../src/words/said.ts";
import { discordBoard, labels } from "../../../src/words/sentences.ts";
import { addressOf, askerOf } from "../address.ts";
import type { DiscordAddress } from "../address.ts";
import { readBrainstorm, readTopicForm, topicForm } from "../message/brainstorm-form.ts";
import type { AskedBrainstorm } from "../message/brainstorm-form.ts";
import { isTrouble } from "../rest/faults.ts";
import { answerFirst, deferred } from "../rest/first-answer.ts";
import { hasPermission } from "../rest/put-message.ts";
import { openThread } from "../rest/threads.ts";
import { deliver } from "../send.ts";
import { addPrivateWord, answerAtOnce, privateWord } from "./answer-in-private.ts";
import { editOriginal, patientDesk, tell } from "./answer-request.ts";
import { mayWrite } from "./read-press.ts";
import type { Reception } from "./reception.ts";

type Asking = APIChatInputApplicationCommandInteraction | APIModalSubmitInteraction;

/** `/brainstorm`: with a code it puts a board here, with a topic it begins, and without either it asks for one. */
export async function answerBrainstorm(
  interaction: APIChatInputApplicationCommandInteraction,
  reception: Reception,
): Promise<void> {
  if (!mayWrite(interaction)) return answerAtOnce(interaction, privateWord(discordBoard.readsOnly), reception);
  const asked = readBrainstorm(interaction);
  if (asked.code) return join(interaction, asked.code, reception);
  if (!asked.topic) return answerAtOnce(interaction, topicForm(asked, reception.settings), reception);
  return begin(interaction, asked, reception);
}

/** The form that asked for a topic comes back. */
export async function answerTopicForm(interaction: APIModalSubmitInteraction, reception: Reception): Promise<void> {
  return begin(interaction, readTopicForm(interaction), reception);
}

/** Whether all may see the answer is settled by the first one, so what is wrong with the options is said before that. */
async function begin(interaction: Asking, asked: AskedBrainstorm, reception: Reception): Promise<void> {
  const { settings, desk } = reception;
  const { topic, options } = asked;
  const fault = askedFault({ topic, options, unknownOptions: [] }, settings);
  if (fault) return answerAtOnce(interaction, privateWord(fault, typedTopic(topic)), reception);
  const answered = await answerPublicly(interaction, discordBoard.notBegun, reception);
  if (!answered) return;
  const place = asked.thread
    ? await placeInThread(interaction, { answered, topic }, reception)
    : { by: askerOf(interaction), address: answered };
  const signal = AbortSignal.timeout(desk.times.composeLimitMilliseconds);
  const whole = {
    ...place,
    topic,
    options,
    event: interaction.id,
    lastsUntil: lastsUntil(answered, reception),
    signal,
  };
  const outcome = await wordUnlessDone(beginSession(whole, settings, desk.azure), discordBoard.notBegun, interaction);
  if (outcome) await answerThere(answered, { ...privateWordReply(outcome), quotes: [typedTopic(topic)] }, reception);
}

function typedTopic(words: string) {
  return { label: labels.yourWords, words };
}

/** The board comes here as well: a guess at a code is told to whoever made it, and to nobody else. */
async function join(interaction: Asking, code: string, reception: Reception): Promise<void> {
  const { settings, desk } = reception;
  const address = await answerPublicly(interaction, discordBoard.notJoined, reception);
  if (!address) return;
  const signal = AbortSignal.timeout(desk.times.composeLimitMilliseconds);
  const by = askerOf(interaction);
  const asked = { code, by, address, event: interaction.id, lastsUntil: lastsUntil(address, reception), signal };
  const word = await wordUnlessDone(joinSession(asked, settings, desk.azure), discordBoard.notJoined, interaction);
  if (word) await answerThere(address, privateWordReply(word), reception);
}

async function wordUnlessDone(
  doing: Promise<{ word: Said } | object>,
  sorry: Said,
  { id }: Asking,
): Promise<Said | undefined> {
  try {
    const outcome = await doing;
    return "word" in outcome ? outcome.word : undefined;
  } catch (error) {
    log.error({ error, interaction: id }, "discord: a brainstorm did not come to this channel");
    return sorry;
  }
}

/** "Thinking" for all, where the board will stand. Nothing where nobody would see it, or it cannot be answered. */
async function answerPublicly(
  interaction: Asking,
  sorry: Said,
  { desk }: Reception,
): Promise<DiscordAddress | undefined> {
  const first = await answerFirst(interaction, deferred(false), desk);
  if (!first.taken && !isTrouble(first.fault)) {
    log.warn({ interaction: interaction.id, because: first.because }, "discord: a brainstorm was not acknowledged");
    return undefined;
  }
  const { messageId = null, ephemeral = false } = first.taken ? first : {};
  const address = { ...addressOf(interaction), messageId, ephemeral };
  if (first.taken && !ephemeral) return address;
  // Unanswered: Discord may or may not have taken it, and if it has, somebody looks at "thinking".
  const word = ephemeral ? privateWordReply(discordBoard.onlyForYou) : sorryReply(sorry);
  const patient = patientDesk(desk);
  await tell(address, patient, () => editOriginal(address, word, patient));
  return undefined;
}

/** To the asker alone, and what all saw is taken away. */
async function answerThere(address: DiscordAddress, reply: ChatReply, { desk }: Reception): Promise<void> {
  const patient = patientDesk(desk);
  await tell(address, patient, () => deliver(address, { ...reply, forAskerOnly: true }, patient));
}

/** The board is posted into a thread that hangs on the answer; where there can be none, it takes the answer's place. */
async function placeInThread(
  interaction: Asking,
  { answered, topic }: { answered: DiscordAddress; topic: string },
  reception: Reception,
): Promise<{ by: Asker; address: DiscordAddress }> {
  const by = askerOf(interaction);
  const patient = patientDesk(reception.desk);
  const mayOpen = answered.botIsThere && hasPermission(answered.appPermissions, "CreatePublicThreads");
  const line = mayOpen ? discordBoard.inThread({ topic }) : discordBoard.comesHere;
  // Discord's own "thinking" has to end first: neither a thread nor a private word can stand beside it.
  await tell(answered, patient, () =>
    editOriginal(answered, { ...privateWordReply(line), forAskerOnly: false }, patient),
  );
  const opened = mayOpen ? await openThread(answered, topic, reception.desk) : undefined;
  if (!opened || "fault" in opened) {
    if (opened) log.warn({ interaction: interaction.id, because: opened.because }, "discord: a thread was not opened");
    await addPrivateWord(interaction, discordBoard.noThread, reception);
    return { by, address: answered };
  }
  const { thread } = opened;
  const address = { ...answered, channelId: thread, messageId: null, byBot: true };
  return { by: { ...by, channel: thread }, address };
}

/** Where the bot itself sees nothing, only the key of this event can change the board. */
function lastsUntil(
  { botIsThere, guildId, appPermissions, createdAt }: DiscordAddress,
  { desk }: Reception,
): string | undefined {
  const seesIt = botIsThere && (guildId === null || hasPermission(appPermissions, "ViewChannel"));
  return seesIt ? undefined : new Date(Date.parse(createdAt) + desk.times.boardByKeyMilliseconds).toISOString();
}
