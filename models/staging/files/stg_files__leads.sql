-- One row is a lead or contact record, from files: the newest row of each key.
with

files as (
    select * from {{ source('raw_files', 'leads') }}
),

identifiers as (
    select * from {{ source('raw_files', '_identifiers') }}
),

ranked as (
    select
        *,
        row_number() over by_key as recency
    from files
    window by_key as (
        partition by source_system, record_type, lead_id
        order by {{ newest_first('updated_at') }}
    )
),

newest as (
    select *
    from ranked
    where recency = 1
),

-- some sources name at a record those that were merged into it
survivors as (
    select
        source_system,
        record_type,
        lead_id as survivor_id,
        {{ split_list('merged_ids') }} as lead_id
    from newest
    where merged_ids is not null
),

absorbed as (
    select
        source_system,
        record_type,
        trim(lead_id) as lead_id,
        min(survivor_id) as survivor_id
    from survivors
    where trim(lead_id) != survivor_id
    group by source_system, record_type, trim(lead_id)
),

renamed as (
    select
        newest.source_system,
        newest.lead_id,
        email_identifiers.hash as email_hash,
        phone_identifiers.hash as phone_hash,
        email_identifiers.more_hashes as more_email_hashes,
        phone_identifiers.more_hashes as more_phone_hashes,
        newest.account_id,
        newest.click_id,
        newest.anonymous_id,
        -- of one that is deleted as well, the survivor has what it had
        coalesce(
            newest.merged_into,
            case when not coalesce(newest.is_deleted, false) then absorbed.survivor_id end
        ) as merged_into,
        newest.merged_ids,

        newest.name,
        newest.company,
        newest.industry,
        newest.country,
        newest.record_type,
        newest.source,
        newest.medium,
        newest.campaign,
        newest.landing_page,
        newest.self_reported_source,
        newest.stage,
        newest.owner,
        newest.attributes,

        newest.employee_count,

        newest.consent,
        newest.is_deleted,

        newest.created_at,
        newest.updated_at
    from newest
    left join absorbed
        on
            newest.source_system = absorbed.source_system
            and newest.record_type = absorbed.record_type
            and newest.lead_id = absorbed.lead_id
    left join identifiers as email_identifiers
        on newest.email = email_identifiers.raw_value and email_identifiers.kind = 'email'
    left join identifiers as phone_identifiers
        on newest.phone = phone_identifiers.raw_value and phone_identifiers.kind = 'phone'
)

select * from renamed
