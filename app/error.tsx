"use client";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

export default function PageError({ error, retry }: { error: Error & { digest?: string }; retry: () => void }) {
  return (
    <Notice
      title="This page could not be shown"
      action={
        <Button look="primary" onClick={retry}>
          Try again
        </Button>
      }
    >
      Something went wrong on the server. Nothing of yours is lost.
      {error.digest && ` If it stays, give the operator the reference ${error.digest}.`}
    </Notice>
  );
}
