/** Reads a page of somebody's history some times, as an adapter does, and says what each took: JSON, in milliseconds. */
import { connectAzure } from "../src/storage/azure.ts";
import { readHistory } from "../src/jobs/history.ts";
import { readSettings } from "../src/settings.ts";

const { ASKER = "", PAGE, SIZE, TIMES, WARM_UP } = process.env;
const azure = connectAzure(readSettings(process.env, []));
const by = { platform: "discord", channel: "", user: ASKER, name: "" };

const milliseconds: number[] = [];
for (let time = -Number(WARM_UP); time < Number(TIMES); time += 1) {
  const began = performance.now();
  const { members } = await readHistory(by, { page: Number(PAGE), size: Number(SIZE) }, azure);
  if (!members.length) throw new Error(`page ${PAGE} of the history is empty`);
  if (time >= 0) milliseconds.push(performance.now() - began);
}
console.log(JSON.stringify(milliseconds));
process.exit();
