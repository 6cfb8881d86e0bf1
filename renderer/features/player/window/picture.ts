import { maxPictureBytes, type Picture } from '../../../../contract/viewing.ts';

/** The picture that `video` shows, at its own resolution, or as large as main takes it; null while there is none. */
export function pictureOf(video: HTMLVideoElement, atMs: number): Picture | null {
  const { videoWidth, videoHeight } = video;
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || videoWidth === 0) return null;
  const scale = Math.min(1, Math.sqrt(maxPictureBytes / (videoWidth * videoHeight * 4)));
  const [width, height] = [Math.floor(videoWidth * scale), Math.floor(videoHeight * scale)];
  const drawing = new OffscreenCanvas(width, height).getContext('2d');
  if (!drawing) return null;
  drawing.drawImage(video, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  return { atMs: Math.max(0, Math.round(atMs)), width, height, rgba: new Uint8Array(data.buffer) };
}
