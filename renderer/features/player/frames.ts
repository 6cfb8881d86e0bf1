/** The presentation time (s) of the picture that is shown now, once it is there. */
function shown(video: HTMLVideoElement): Promise<number> {
  return new Promise((resolve) => {
    let done = false;
    const answer = (seconds: number) => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      resolve(seconds);
    };
    // A picture that is there already is not presented once more.
    const timer = setTimeout(() => answer(video.currentTime), patienceMs);
    video.requestVideoFrameCallback((_now, { mediaTime }) => answer(mediaTime));
  });
}

const patienceMs = 400;
/** Less than the distance of any two pictures (s). */
const grain = 0.001;
/** The first step forward; it doubles until another picture is there (s). */
const firstStep = 1 / 64;
const longestStep = 64;

async function goTo(video: HTMLVideoElement, seconds: number): Promise<number> {
  const sought = new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }));
  const picture = shown(video);
  video.currentTime = seconds;
  await sought;
  return picture;
}

/**
 * Shows the picture after (or before) the one at `atSeconds`, whatever the distance between pictures is. Answers with the time of the
 * picture that is shown then (s). `isOver` says that something else was wished for meanwhile.
 */
export async function stepFrame(
  video: HTMLVideoElement,
  atSeconds: number,
  step: 1 | -1,
  isOver: () => boolean,
): Promise<number> {
  const here = await goTo(video, atSeconds);
  if (isOver()) return here;
  if (step < 0) return here <= grain ? here : goTo(video, here - grain);
  for (let ahead = firstStep; ahead <= longestStep && here + ahead < video.duration; ahead *= 2) {
    let there = await goTo(video, here + ahead);
    if (isOver()) return there;
    if (there <= here + grain / 2) continue;
    // The step may have been longer than the distance: every picture between comes first.
    for (;;) {
      const before = await goTo(video, there - grain);
      if (isOver()) return before;
      if (before <= here + grain / 2) return goTo(video, there + grain);
      there = before;
    }
  }
  return here;
}
