import Hls, { type Loader, type LoaderConfiguration, type LoaderContext, type PlaylistLoaderConstructor } from 'hls.js/light';

type LoadCallbacks = Parameters<Loader<LoaderContext>['load']>[2];

/**
 * A loader of playlists whose first one has been asked for already: `asked` is its text, or null where it did not come, and then it is loaded
 * as any other. The engine need not be there for the playlist to be on its way.
 */
export function firstPlaylist(asked: Promise<string | null>): PlaylistLoaderConstructor {
  let first: Promise<string | null> | null = asked;
  class FirstPlaylistLoader extends Hls.DefaultConfig.loader {
    private over = false;

    override load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoadCallbacks): void {
      const coming = first;
      first = null;
      if (!coming) {
        super.load(context, config, callbacks);
        return;
      }
      const start = performance.now();
      void coming.then((text) => {
        if (this.over) return;
        if (text === null) {
          super.load(context, config, callbacks);
          return;
        }
        const end = performance.now();
        this.stats.loading = { start, first: end, end };
        this.stats.loaded = this.stats.total = text.length;
        callbacks.onSuccess({ url: context.url, data: text, code: 200 }, this.stats, context, null);
      });
    }

    override abort(): void {
      this.over = true;
      super.abort();
    }

    override destroy(): void {
      this.over = true;
      super.destroy();
    }
  }
  return FirstPlaylistLoader as unknown as PlaylistLoaderConstructor;
}
