/**
 * The least that discord.js, openai and Blob need to be a picture bot: nothing is checked, kept from being lost or told twice.
 * Without `draw` it only acknowledges.
 */
import { DefaultAzureCredential } from "@azure/identity";
import { BlobServiceClient } from "@azure/storage-blob";
import { randomUUID } from "node:crypto";
import { Client, Events } from "discord.js";
import type { ChatInputCommandInteraction } from "discord.js";
import OpenAI from "openai";

const { DISCORD_TOKEN, AZURE_OPENAI_ENDPOINT, AZURE_STORAGE_ACCOUNT, AZURE_STORAGE_CONTAINER = "" } = process.env;
const credential = new DefaultAzureCredential();
const blobs = new BlobServiceClient(`https://${AZURE_STORAGE_ACCOUNT}.blob.core.windows.net`, credential);
const container = blobs.getContainerClient(AZURE_STORAGE_CONTAINER);
const openai = new OpenAI({
  baseURL: `${AZURE_OPENAI_ENDPOINT}/openai/v1`,
  apiKey: async () => (await credential.getToken("https://ai.azure.com/.default")).token,
});

const client = new Client({ intents: 0 });
client.on(Events.InteractionCreate, (interaction) => {
  if (interaction.isChatInputCommand()) void answer(interaction);
});
client.on(Events.ClientReady, () => console.log("ready"));
await container.createIfNotExists();
await client.login(DISCORD_TOKEN);

async function answer(interaction: ChatInputCommandInteraction): Promise<void> {
  await interaction.deferReply();
  if (process.env.BARE !== "draw") return;
  const prompt = interaction.options.getString("prompt") ?? "";
  const { data } = await openai.images.generate({ model: "pictures", prompt, size: "1024x1024", quality: "medium" });
  const picture = Buffer.from(data?.[0]?.b64_json ?? "", "base64");
  const blob = container.getBlockBlobClient(`pictures/${randomUUID()}.png`);
  await blob.uploadData(picture, { blobHTTPHeaders: { blobContentType: "image/png" } });
  await interaction.editReply({ content: prompt, files: [{ attachment: picture, name: "picture.png" }] });
}
