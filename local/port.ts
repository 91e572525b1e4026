import { createServer } from "node:net";

/** Thrown with one sentence for the person at the terminal. */
export class PortTaken extends Error {
  override name = "PortTaken";
}

/** Throws `PortTaken` unless the port of this machine can be listened on. `mend` says how to come by another. */
export async function checkPort(port: number, use: string, mend: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EADDRINUSE" && error.code !== "EACCES") throw error;
    const taken = error.code === "EADDRINUSE" ? "is taken by another program" : "may not be used";
    throw new PortTaken(`Port ${port}, which ${use}, ${taken}: ${mend}.`, { cause: error });
  });
}
