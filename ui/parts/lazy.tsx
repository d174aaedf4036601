import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { messageOf } from "../api/client.ts";

/** A component whose code is fetched when it is first shown; until then `class` keeps its place. */
export function lazy<P extends object>(load: () => Promise<ComponentType<P>>, className: string): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function Lazy(props: P) {
    const [, setLoaded] = useState(loaded !== undefined);
    const [failure, setFailure] = useState<string | null>(null);
    useEffect(() => {
      if (loaded) return;
      load().then((component) => {
        loaded = component;
        setLoaded(true);
      }, (error) => setFailure(messageOf(error)));
    }, []);
    const Component = loaded;
    if (Component) return <Component {...props} />;
    return <div class={className}>{failure && <p class="failure">This part could not be loaded: {failure}</p>}</div>;
  };
}
