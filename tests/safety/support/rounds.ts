/** How often something random is tried: `usual` times, or STINT_SAFETY_ROUNDS times as often (the `safety` task). */
export function rounds(usual: number): number {
  const factor = Number(Deno.env.get("STINT_SAFETY_ROUNDS") ?? 1);
  return Math.max(1, Math.round(usual * factor));
}
