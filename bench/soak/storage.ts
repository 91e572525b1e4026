/** A process of its own for the real Azurite, which takes as much of the machine as the bot does. Ends with its parent. */
import { startAzurite } from "../../test/fakes/azurite.ts";

const [key = "", cert = ""] = process.argv.slice(2);
const { blobPort, queuePort, connectionString } = await startAzurite({ tls: { key, cert, oauth: true } });
process.on("disconnect", () => process.exit());
export type StorageReady = { blobPort: number; queuePort: number; connectionString: string };
process.send?.({ blobPort, queuePort, connectionString } satisfies StorageReady);
