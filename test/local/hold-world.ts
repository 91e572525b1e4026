/** A parent for the tests that kill one: it starts the local world, says so, and then only waits, through Ctrl-C too. */
import { startLocalWorld } from "../../local/start.ts";

process.on("SIGINT", () => process.send?.("interrupted"));
const [directory = "", botPort = "0", playgroundPort = "0"] = process.argv.slice(2);
const world = await startLocalWorld({ directory, botPort: Number(botPort), playgroundPort: Number(playgroundPort) });
process.send?.(world.environment);
setInterval(() => undefined, 1000);
