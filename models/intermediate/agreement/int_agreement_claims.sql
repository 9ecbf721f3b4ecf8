-- One row is a stage that the CRM claims for a person, with the first and the last time that it did.
with

claim_entries as (
    select * from {{ ref('int_agreement_claim_entries') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

by_person as (
    select
        lead_key,
        stage,
        min(claimed_at) as claimed_at,
        max(claimed_at) as last_claimed_at,
        min(is_implied) as is_implied
    from claim_entries
    group by lead_key, stage
),

ranked as (
    select
        by_person.lead_key,
        by_person.stage,
        lifecycle_stages.rank as stage_rank,
        lifecycle_stages.stage is not null as is_known,
        coalesce(lifecycle_stages.is_exit, false) as is_exit,
        by_person.is_implied,
        by_person.claimed_at,
        by_person.last_claimed_at
    from by_person
    left join lifecycle_stages
        on by_person.stage = lifecycle_stages.stage
)

select * from ranked
