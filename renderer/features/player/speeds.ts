/** 16 is the fastest that the media element plays; above it only every so many pictures are shown. */
export const speeds = [0.25, 0.5, 1, 1.5, 2, 4, 8, 16, 32] as const;
export const fastestPlayed = 16;

/** The next speed up or down; the same at either end. */
export function stepSpeed(speed: number, step: 1 | -1): number {
  const nearest = speeds.reduce((best, one) => (Math.abs(one - speed) < Math.abs(best - speed) ? one : best));
  return speeds[speeds.indexOf(nearest) + step] ?? nearest;
}
