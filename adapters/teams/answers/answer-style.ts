import { refInHistory } from "../../../src/ask/browse.ts";
import { saveAsStyle } from "../../../src/ask/save-style.ts";
import type { StyleAsker, StyleToSave } from "../../../src/ask/save-style.ts";
import { dropNamedStyle, listReply, showStyle, useAsOwn } from "../../../src/ask/styles.ts";
import { openGate } from "../../../src/gate.ts";
import { privateWordReply } from "../../../src/replies/compose-reply.ts";
import { SourceNotFetched } from "../../../src/replies/delivery.ts";
import type { ChatReply } from "../../../src/replies/reply.ts";
import { sentenceOfFault } from "../../../src/words/fault-sentences.ts";
import type { Said } from "../../../src/words/said.ts";
import { edit } from "../../../src/words/sentences.ts";
import { askerOf } from "../address.ts";
import type { TeamsAddress } from "../address.ts";
import { teamsFetcher } from "../fetch-source.ts";
import type { Words } from "../read.ts";
import { isNamedModerator } from "./answer-press.ts";
import type { Reception } from "./reception.ts";

type StyleWords = Extract<Words, { words: "style" }>;

/** `style` with what is to be done. What changes the channel for all is for all to read; the rest is for whoever asked. */
export async function styleReply(heard: StyleWords, address: TeamsAddress, reception: Reception): Promise<ChatReply> {
  const { settings, azure, deadline } = reception;
  const { signal } = deadline;
  const asked = { by: askerOf(address), isModerator: isNamedModerator(address, reception), signal };
  const { does, name } = heard.style;
  switch (does) {
    case "save":
      return save(heard, asked, address, reception);
    case "use":
      return useAsOwn(name, asked, azure);
    case "list":
      return listReply(asked, azure);
    case "show":
      return showStyle(name, asked, settings, azure);
    case "drop":
      return dropNamedStyle(name, asked, azure);
  }
}

/** Each may have 50 MB, and takes more while it is decoded. */
const oneAtOnce = openGate(1);

async function save(
  { style, pictures, outOfReach, event }: StyleWords,
  asked: StyleAsker,
  address: TeamsAddress,
  reception: Reception,
): Promise<ChatReply> {
  const { azure, deadline } = reception;
  // Teams brings a bot no picture there, and another one is not what was meant.
  if (outOfReach) return privateWordReply(edit.noPictureHere);
  const found = await Promise.all(
    style.numbers.map((number) => refInHistory(asked.by, number, azure, deadline.signal)),
  );
  const sorry = found.flatMap((one) => ("sorry" in one ? [one.sorry] : []));
  const [first] = sorry;
  if (first) return { ...privateWordReply(first), paragraphs: sorry };
  const refs = found.flatMap((one) => ("ref" in one ? [one.ref] : []));
  return oneAtOnce(async () => {
    const brought: StyleToSave["brought"] = [];
    for (const url of pictures) brought.push(await fetchPicture(url, address, reception));
    const { name, words } = style;
    return saveAsStyle({ ...asked, name, words, refs, brought, isOneLine: true, event }, azure);
  });
}

async function fetchPicture(
  url: string,
  address: TeamsAddress,
  { teams, deadline }: Reception,
): Promise<Buffer | Said> {
  try {
    return await teamsFetcher(teams)({ from: "chat", url }, address, deadline.signal);
  } catch (error) {
    if (!(error instanceof SourceNotFetched)) throw error;
    return sentenceOfFault(error.fault ?? { fault: "source unreachable" });
  }
}
