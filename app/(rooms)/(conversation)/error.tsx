"use client";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

export default function ConversationError({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <Notice
      title="This conversation could not be opened"
      action={
        <Button look="primary" onClick={reset}>
          Try again
        </Button>
      }
    >
      Something went wrong on the server. Nothing of yours is lost.
      {error.digest && ` If it stays, give the operator the reference ${error.digest}.`}
    </Notice>
  );
}
