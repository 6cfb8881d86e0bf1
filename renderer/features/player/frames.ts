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
    // Every seek presents its picture, on a busy computer late: only one that is over by now never does.
    const timer = setTimeout(() => answer(video.currentTime), patienceMs);
    video.requestVideoFrameCallback((_now, { mediaTime }) => answer(mediaTime));
  });
}

const patienceMs = 3_000;
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

/** Goes from picture to picture of a video, whatever their distances are. */
export function createStepper(video: HTMLVideoElement) {
  /** The distance of the last two pictures that were stepped over (s): mostly it is that of the next two. */
  let usual = 0;
  let before: Promise<unknown> = Promise.resolve();

  async function forward(isOver: () => boolean): Promise<void> {
    const here = await goTo(video, video.currentTime);
    if (usual > 0 && here + usual < video.duration) {
      const there = await goTo(video, here + usual + grain);
      if (Math.abs(there - here - usual) < 2 * grain) return;
    }
    for (let ahead = firstStep; ahead <= longestStep && here + ahead < video.duration; ahead *= 2) {
      let there = await goTo(video, here + ahead);
      if (isOver()) return;
      if (there <= here + grain / 2) continue;
      // The step may have been longer than the distance: every picture between comes first.
      for (;;) {
        const earlier = await goTo(video, there - grain);
        if (isOver()) return;
        if (earlier <= here + grain / 2) break;
        there = earlier;
      }
      usual = there - here;
      await goTo(video, there + grain);
      return;
    }
  }

  async function back(): Promise<void> {
    const here = await goTo(video, video.currentTime);
    if (here <= grain) return;
    const there = await goTo(video, here - grain);
    usual = here - there;
  }

  /** Shows the next picture or the one before, after the steps that were asked for earlier. `isOver`: something else is wished for by now. */
  return (step: 1 | -1, isOver: () => boolean): Promise<unknown> => {
    before = before.then(() => (isOver() ? undefined : step > 0 ? forward(isOver) : back()));
    return before;
  };
}
