import { ThreadTopics } from '../actor/thread-topics.ts';
import { WatchDesk } from '../actor/watch-desk.ts';
import type { Link } from '../port/link.ts';
import { tag } from '../port/wire-record.ts';
import type { ActorHost } from './actor-host.ts';

/** What actors of a thread have with actors of others besides messages: watches, links, topics. */
export class HostBonds {
  readonly watches: WatchDesk;
  readonly topics: ThreadTopics;

  /** @param interested tells the main thread of the first, or last, subscriber to a topic here */
  constructor(host: ActorHost, interested: (name: string, interested: boolean) => void) {
    const link = (thread: string): Link => host.link(thread);
    this.watches = new WatchDesk({
      thread: host.thread,
      routes: host.routes,
      cell: (path) => host.cell(path),
      sendWatch: (thread, frame) => link(thread).sendRecord([tag.watch, frame]),
    });
    this.topics = new ThreadTopics({
      thread: host.thread,
      interested,
      sendTopic: (thread, name, from, payload) => link(thread).sendRecord([tag.topic, name, from, payload]),
      sendTaken: (thread, name, count) => link(thread).sendRecord([tag.topicTaken, name, count]),
      lostTopic: (name, from, { message: detail }) =>
        host.deadLetter({ to: `topic ${name}`, from, method: 'publish', reason: 'mailbox-full', detail }),
    });
  }
}
