-- One row is a stage that the CRM claims for a person, with the first time that it did.
-- A record's present stage that its history does not name counts from the record's creation.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

stage_history as (
    select * from {{ ref('int_canonical_lead_stage_history') }}
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

present_stages as (
    select
        leads.source_system,
        leads.lead_id,
        leads.stage,
        leads.created_at as claimed_at
    from leads
    left join stage_history
        on
            leads.source_system = stage_history.source_system
            and leads.lead_id = stage_history.lead_id
            and lower(leads.stage) = lower(stage_history.stage)
    where leads.stage is not null and stage_history.lead_id is null
),

past_stages as (
    select
        source_system,
        lead_id,
        stage,
        entered_at as claimed_at
    from stage_history
),

claims as (
    select * from present_stages
    union all
    select * from past_stages
),

by_person as (
    select
        person_references.lead_key,
        lower(claims.stage) as stage,
        min(claims.claimed_at) as claimed_at,
        max(claims.claimed_at) as last_claimed_at
    from claims
    inner join person_references
        on claims.source_system = person_references.source_system and claims.lead_id = person_references.record_id
    group by person_references.lead_key, lower(claims.stage)
),

ranked as (
    select
        by_person.lead_key,
        by_person.stage,
        lifecycle_stages.rank as stage_rank,
        lifecycle_stages.stage is not null as is_known,
        coalesce(lifecycle_stages.is_exit, false) as is_exit,
        by_person.claimed_at,
        by_person.last_claimed_at
    from by_person
    left join lifecycle_stages
        on by_person.stage = lifecycle_stages.stage
)

select * from ranked
