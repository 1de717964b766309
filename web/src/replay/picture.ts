/** A picture of the video with its own media time: whatever is drawn over it belongs to that very picture. */
export type Picture = { readonly source: CanvasImageSource; readonly media_s: number; readonly done: () => void };

/**
 * What the video shows now; null before its first frame.
 *
 * A `VideoFrame` carries the time stamp of its picture. Where the browser has none (an insecure origin), the picture is
 * taken from the element and its time is what the frame's callback told.
 */
export function pictureOf(video: HTMLVideoElement, told_s: number): Picture | null {
  // Not by `readyState`: at the end of a seek the frame is told of before the state is.
  if (typeof VideoFrame !== "undefined") {
    try {
      const frame = new VideoFrame(video);
      if (frame.displayWidth === video.videoWidth) return { source: frame, media_s: frame.timestamp / 1e6, done: () => frame.close() };
      frame.close();
    } catch {
      // Not yet a picture to take, or none that may be taken: the element itself is left.
    }
  }
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return null;
  return { source: video, media_s: told_s, done: () => undefined };
}
