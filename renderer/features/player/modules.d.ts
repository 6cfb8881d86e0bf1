declare module 'video.js/core' {
  export { default } from 'video.js';
}

declare module 'hls.js/light' {
  export * from 'hls.js';
  export { default } from 'hls.js';
}
