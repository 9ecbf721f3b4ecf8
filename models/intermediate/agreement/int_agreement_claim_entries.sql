-- One row is a time at which the CRM claims a stage for a person.
-- A record's present stage that its whole history does not name counts from the record's creation. Of a record without
-- any history it also implies the agreed stages before it: else nobody who is more by now ever became an MQL.
with

leads as (
    select * from {{ ref('int_canonical_leads') }}
),

stage_history as (
    select * from {{ ref('int_canonical_lead_stage_history') }}
),

persons as (
    select * from {{ ref('int_identity_persons') }}
),

person_references as (
    select * from {{ ref('int_identity_references') }}
),

lifecycle_stages as (
    select * from {{ ref('lifecycle_stages') }}
),

run_settings as (
    select * from {{ ref('stg_closedloop__run_settings') }}
),

-- a history names a record by its id alone
named_stages as (
    select
        person_references.lead_key,
        stage_history.source_system,
        stage_history.lead_id,
        lower(stage_history.stage) as stage,
        stage_history.reason,
        stage_history.entered_at
    from stage_history
    inner join person_references
        on
            stage_history.source_system = person_references.source_system
            and stage_history.lead_id = person_references.record_id
),

present_stages as (
    select
        persons.lead_key,
        lower(leads.stage) as stage,
        cast(null as string) as reason,
        leads.created_at as claimed_at
    from leads
    inner join persons
        on
            leads.source_system = persons.source_system
            and leads.record_type = persons.record_type
            and leads.lead_id = persons.record_id
    left join named_stages
        on
            persons.lead_key = named_stages.lead_key
            and leads.source_system = named_stages.source_system
            and leads.lead_id = named_stages.lead_id
            and lower(leads.stage) = named_stages.stage
    where leads.stage is not null and named_stages.lead_key is null
),

records_with_history as (
    select distinct
        lead_key,
        source_system,
        lead_id
    from named_stages
),

implied_stages as (
    select
        persons.lead_key,
        earlier.stage,
        cast(null as string) as reason,
        leads.created_at as claimed_at
    from leads
    inner join persons
        on
            leads.source_system = persons.source_system
            and leads.record_type = persons.record_type
            and leads.lead_id = persons.record_id
    inner join lifecycle_stages as present
        on lower(leads.stage) = present.stage
    inner join lifecycle_stages as earlier
        on earlier.rank < present.rank
    left join records_with_history
        on
            persons.lead_key = records_with_history.lead_key
            and leads.source_system = records_with_history.source_system
            and leads.lead_id = records_with_history.lead_id
    where not present.is_exit and not earlier.is_exit and records_with_history.lead_id is null
),

past_stages as (
    select
        named_stages.lead_key,
        named_stages.stage,
        named_stages.reason,
        named_stages.entered_at as claimed_at
    from named_stages
    cross join run_settings
    where named_stages.entered_at <= run_settings.as_of
),

claim_entries as (
    select
        *,
        false as is_implied
    from present_stages
    union all
    select
        *,
        false as is_implied
    from past_stages
    union all
    select
        *,
        true as is_implied
    from implied_stages
)

select * from claim_entries
