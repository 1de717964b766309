import { useEffect, useState, type RefObject } from "react";
import { flushSync } from "react-dom";

/**
 * The media time of the frame that is on the screen, s from the container's zero.
 *
 * `requestVideoFrameCallback` speaks of the very frame that is being shown; `currentTime` does not.
 */
export function useFrame(video: RefObject<HTMLVideoElement | null>): number {
  const [shown_s, setShown] = useState(0);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    let handle = 0;
    const told: VideoFrameRequestCallback = (_, frame) => {
      // At once: a drawing that waits for its turn would lie over the next frame.
      flushSync(() => setShown(frame.mediaTime));
      handle = element.requestVideoFrameCallback(told);
    };
    handle = element.requestVideoFrameCallback(told);
    return () => element.cancelVideoFrameCallback(handle);
  }, [video]);
  return shown_s;
}
