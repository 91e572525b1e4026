/** What Easel's production dependencies cost to load, and nothing done with them. */
await Promise.all([
  import("@azure/data-tables"),
  import("@azure/identity"),
  import("@azure/storage-blob"),
  import("@azure/storage-queue"),
  import("@hono/node-server"),
  import("botbuilder"),
  import("discord.js"),
  import("eventsource-parser"),
  import("hono"),
  import("openai"),
  import("pino"),
  import("sharp"),
  import("zod"),
]);
console.log("imported");
process.exit();
