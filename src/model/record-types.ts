/** What a field of a record holds. A `choice` is one of a few words of ours; the source's own words are translated where the table is declared. */
export type FieldKind = 'text' | 'list' | 'date' | 'time' | 'decimal' | 'integer' | 'boolean' | readonly string[];

/** What a row of a table may be declared to be. Other parts of the program know it by this name and these fields. */
export interface RecordType {
  readonly title: string;
  /** A list of everybody at one time: it does not shrink by a third overnight, and it is never empty. */
  readonly roster?: true;
  /** The field without which nothing can be said of it: a column has to give it. */
  readonly identifiedBy?: string;
  /** The field a person calls it by; default its key. */
  readonly calledBy?: string;
  readonly fields: Readonly<Record<string, FieldKind>>;
}

/**
 * Every kind of record that tabular sources yield, by resource type. Beside its own fields each has `table` (`hr.people`), `key` and
 * `values` (every declared column). Amounts are decimal text and never binary fractions. A field that no column gives is not read, which
 * is another thing than an empty cell.
 */
export const recordTypes = {
  'hr.person': {
    title: 'Person on the HR roster',
    roster: true,
    identifiedBy: 'personId',
    calledBy: 'name',
    fields: {
      personId: 'text',
      name: 'text',
      emails: 'list',
      kind: ['employee', 'contractor', 'external'],
      status: ['active', 'not-started', 'on-leave', 'left'],
      title: 'text',
      department: 'text',
      manager: 'text',
      startsOn: 'date',
      endsOn: 'date',
    },
  },
  'ticket.access-request': {
    title: 'Access request',
    identifiedBy: 'ticket',
    calledBy: 'ticket',
    fields: {
      ticket: 'text',
      kind: ['grant', 'change', 'revoke'],
      requester: 'text',
      requestedAt: 'time',
      approver: 'text',
      approvedAt: 'time',
      grantee: 'text',
      system: 'text',
      permission: 'text',
      closedAt: 'time',
      status: 'text',
    },
  },
  'ticket.change': {
    title: 'Change ticket',
    identifiedBy: 'ticket',
    calledBy: 'ticket',
    fields: {
      ticket: 'text',
      title: 'text',
      system: 'text',
      author: 'text',
      approver: 'text',
      approvedAt: 'time',
      implementer: 'text',
      implementedAt: 'time',
      emergency: 'boolean',
      references: 'list',
      openedAt: 'time',
      closedAt: 'time',
      status: 'text',
    },
  },
  'ticket.incident': {
    title: 'Incident record',
    identifiedBy: 'ticket',
    calledBy: 'ticket',
    fields: {
      ticket: 'text',
      title: 'text',
      severity: 'text',
      reporter: 'text',
      owner: 'text',
      openedAt: 'time',
      resolvedAt: 'time',
      reviewer: 'text',
      reviewedAt: 'time',
      status: 'text',
    },
  },
  'app.user': {
    title: 'User of the payroll application',
    roster: true,
    identifiedBy: 'login',
    calledBy: 'login',
    fields: {
      login: 'text',
      person: 'text',
      name: 'text',
      emails: 'list',
      roles: 'list',
      active: 'boolean',
      lastLogin: 'time',
      createdAt: 'time',
    },
  },
  'app.portal-user': {
    title: 'Client-portal user',
    roster: true,
    identifiedBy: 'login',
    calledBy: 'login',
    fields: {
      login: 'text',
      client: 'text',
      person: 'text',
      name: 'text',
      emails: 'list',
      roles: 'list',
      active: 'boolean',
      secondFactor: 'boolean',
      lastLogin: 'time',
      createdAt: 'time',
    },
  },
  'app.data-change': {
    title: 'Change of master data in the payroll application',
    identifiedBy: 'changeId',
    fields: {
      changeId: 'text',
      objectKind: 'text',
      objectId: 'text',
      field: 'text',
      maker: 'text',
      madeAt: 'time',
      checker: 'text',
      checkedAt: 'time',
      effectiveAt: 'time',
      verification: 'text',
    },
  },
  'app.payroll-run': {
    title: 'Payroll run',
    identifiedBy: 'runId',
    fields: {
      runId: 'text',
      client: 'text',
      period: 'text',
      preparer: 'text',
      preparedAt: 'time',
      approver: 'text',
      approvedAt: 'time',
      committedAt: 'time',
      employees: 'integer',
      gross: 'decimal',
      net: 'decimal',
      currency: 'text',
      expectedOn: 'date',
    },
  },
  'app.direct-write': {
    title: 'Write to production data outside the application',
    identifiedBy: 'writeId',
    fields: {
      writeId: 'text',
      actor: 'text',
      writtenAt: 'time',
      object: 'text',
      ticket: 'text',
      approver: 'text',
      approvedAt: 'time',
      reviewer: 'text',
      reviewedAt: 'time',
    },
  },
  'app.input-batch': {
    title: 'Input batch',
    identifiedBy: 'batchId',
    fields: {
      batchId: 'text',
      runId: 'text',
      client: 'text',
      submittedBy: 'text',
      submittedAt: 'time',
      validatedBy: 'text',
      validatedAt: 'time',
      count: 'integer',
      total: 'decimal',
      expectedCount: 'integer',
      expectedTotal: 'decimal',
      rejected: 'integer',
      clearedAt: 'time',
    },
  },
  'app.file-transfer': {
    title: 'File sent to or received from a bank, agency or client',
    identifiedBy: 'fileId',
    fields: {
      fileId: 'text',
      runId: 'text',
      counterparty: 'text',
      hash: 'text',
      total: 'decimal',
      currency: 'text',
      count: 'integer',
      preparer: 'text',
      preparedAt: 'time',
      releaser1: 'text',
      releaser2: 'text',
      releasedAt: 'time',
      acknowledgedAt: 'time',
    },
  },
  'app.tax-remittance': {
    title: 'Tax remittance or filing',
    identifiedBy: 'remittanceId',
    fields: {
      remittanceId: 'text',
      authority: 'text',
      client: 'text',
      period: 'text',
      amount: 'decimal',
      currency: 'text',
      preparer: 'text',
      approver: 'text',
      dueOn: 'date',
      paidOn: 'date',
      filedOn: 'date',
      confirmation: 'text',
    },
  },
  'app.output-delivery': {
    title: 'Delivered report, payslip or ledger file',
    identifiedBy: 'deliveryId',
    fields: {
      deliveryId: 'text',
      runId: 'text',
      client: 'text',
      output: 'text',
      recipient: 'text',
      authorised: 'boolean',
      hash: 'text',
      dueAt: 'time',
      deliveredAt: 'time',
    },
  },
  'app.processing-error': {
    title: 'Processing error',
    identifiedBy: 'errorId',
    fields: {
      errorId: 'text',
      runId: 'text',
      client: 'text',
      description: 'text',
      detectedAt: 'time',
      correctedBy: 'text',
      correctedAt: 'time',
      reviewer: 'text',
      reviewedAt: 'time',
      clientToldAt: 'time',
    },
  },
  'payroll.employee': {
    title: 'Employee in the payroll application',
    roster: true,
    identifiedBy: 'employeeId',
    calledBy: 'name',
    fields: {
      employeeId: 'text',
      person: 'text',
      name: 'text',
      client: 'text',
      status: 'text',
      startsOn: 'date',
      endsOn: 'date',
      payRate: 'decimal',
      currency: 'text',
      accountFingerprint: 'text',
    },
  },
  'payroll.payment': {
    title: 'Payment to an employee',
    identifiedBy: 'paymentId',
    fields: {
      paymentId: 'text',
      runId: 'text',
      employee: 'text',
      amount: 'decimal',
      currency: 'text',
      accountFingerprint: 'text',
      valueDate: 'date',
      reference: 'text',
    },
  },
  'ledger.entry': {
    title: 'Ledger entry',
    identifiedBy: 'entryId',
    fields: {
      entryId: 'text',
      sequence: 'integer',
      account: 'text',
      amount: 'decimal',
      currency: 'text',
      bookedAt: 'time',
      period: 'text',
      postedBy: 'text',
      approvedBy: 'text',
      reference: 'text',
    },
  },
  'bank.transaction': {
    title: 'Bank transaction',
    identifiedBy: 'transactionId',
    fields: {
      transactionId: 'text',
      account: 'text',
      amount: 'decimal',
      currency: 'text',
      bookedOn: 'date',
      valueDate: 'date',
      reference: 'text',
      counterparty: 'text',
      fileHash: 'text',
    },
  },
  'bank.user': {
    title: 'User of the bank portal',
    roster: true,
    identifiedBy: 'login',
    calledBy: 'login',
    fields: {
      login: 'text',
      person: 'text',
      name: 'text',
      emails: 'list',
      roles: 'list',
      limit: 'decimal',
      currency: 'text',
      active: 'boolean',
      lastLogin: 'time',
    },
  },
  'tabular.record': { title: 'Record of a table', fields: {} },
} as const satisfies Readonly<Record<string, RecordType>>;

export type RecordTypeName = keyof typeof recordTypes;

export const columnTypes = ['text', 'integer', 'decimal', 'boolean', 'date', 'time', 'list'] as const;
export type ColumnType = (typeof columnTypes)[number];

/** Whether a column of a type can give a field: anything can be text or the one element of a list, a whole number is a decimal one. */
export function columnGives(type: ColumnType, field: FieldKind): boolean {
  if (typeof field !== 'string') return type === 'text';
  if (field === 'text') return type !== 'list';
  if (field === 'list') return type === 'list' || type === 'text' || type === 'integer';
  return type === field || (field === 'decimal' && type === 'integer');
}
