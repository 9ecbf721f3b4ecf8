-- One row is a disagreement between what happened (or what the CRM claims) and what both teams signed: the rules are
-- models of their own.
with

unknown_stages as (
    select * from {{ ref('int_agreement_unknown_stages') }}
),

skipped_stages as (
    select * from {{ ref('int_agreement_skipped_stages') }}
),

backward_claims as (
    select * from {{ ref('int_agreement_backward_claims') }}
),

early_wins as (
    select * from {{ ref('int_agreement_early_wins') }}
),

shared_identifiers as (
    select * from {{ ref('int_agreement_shared_identifiers') }}
),

ambiguous_references as (
    select * from {{ ref('int_agreement_ambiguous_references') }}
),

version_periods as (
    select * from {{ ref('stg_closedloop__agreement_periods') }}
),

violations as (
    select * from unknown_stages
    union all
    select * from skipped_stages
    union all
    select * from backward_claims
    union all
    select * from early_wins
    union all
    select * from shared_identifiers
    union all
    select * from ambiguous_references
),

-- a key is made of what a violation is about; its detail may come to say something else
keyed as (
    select
        {{
            stable_key([
                'violations.violation_type',
                'violations.lead_key',
                'violations.deal_key',
                'violations.stage',
                'violations.subject',
            ])
        }} as violation_key,
        violations.lead_key,
        violations.deal_key,

        violations.stage,
        violations.violation_type,
        violations.detail,
        version_periods.version as agreement_version,
        violations.team,
        'warn' as severity,

        violations.claimed_at
    from violations
    left join version_periods
        on violations.claimed_at >= version_periods.starts_at and violations.claimed_at < version_periods.ends_at
)

select * from keyed
