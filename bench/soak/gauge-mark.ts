/** What `gauge.ts` writes, and how its line begins. */
export type Gauge = { heap: number; external: number; resident: number; resources: Record<string, number> };
export const GAUGE = "soak gauge ";
