import { useEffect, useState, type RefObject } from "react";

/**
 * The media time of the frame that is on the screen, s from the clip's first frame.
 *
 * `requestVideoFrameCallback` speaks of the very frame that is being shown; `currentTime` does not.
 * The first frame's own time is taken off, so that a clip that begins late or carries an edit list counts from 0.
 */
export function useFrame(video: RefObject<HTMLVideoElement | null>, first_s: number): number {
  const [shown_s, setShown] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let handle = 0;
    const told: VideoFrameRequestCallback = (_, frame) => {
      setShown(frame.mediaTime - first_s);
      handle = element.requestVideoFrameCallback(told);
    };
    handle = element.requestVideoFrameCallback(told);
    return () => element.cancelVideoFrameCallback(handle);
  }, [video, first_s]);
  return shown_s;
}
