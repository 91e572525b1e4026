/** A parent for the tests that kill one: it starts the local world, says so, and then only waits, through Ctrl-C too. */
import { startLocalWorld } from "../../local/start.ts";

process.on("SIGINT", () => process.send?.("interrupted"));
const [EASEL_DIRECTORY, PORT, EASEL_CHAT_PORT, EASEL_DISCORD_PORT] = process.argv.slice(2);
const world = await startLocalWorld({ EASEL_DIRECTORY, PORT, EASEL_CHAT_PORT, EASEL_DISCORD_PORT });
process.send?.(world.environment);
setInterval(() => undefined, 1000);
