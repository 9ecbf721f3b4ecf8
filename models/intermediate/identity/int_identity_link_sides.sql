-- One row is one of the two identifiers of a stated link, and what it is: an address, a lead record by its id, or a
-- user of a site. What is none of these has no `identifier`, and may be a browser's.
with

links as (
    select * from {{ ref('int_canonical_identity_links') }}
),

records as (
    select * from {{ ref('int_identity_records') }}
    where is_lead_record
),

site_users as (
    select distinct
        user_key,
        user_id
    from {{ ref('int_identity_site_users') }}
),

sides as (
    select
        {{ stable_key(["'link'", 'source_system', 'identifier', 'linked_identifier']) }} as link_key,
        source_system,
        identifier as given,
        email_hash,
        occurred_at
    from links
    union all
    select
        {{ stable_key(["'link'", 'source_system', 'identifier', 'linked_identifier']) }} as link_key,
        source_system,
        linked_identifier as given,
        linked_email_hash as email_hash,
        occurred_at
    from links
),

-- of a lead and a contact with one id the lead
own_records as (
    select
        source_system,
        record_id,
        max_by(record_key, record_type) as record_key
    from records
    group by source_system, record_id
),

-- an id counts in its own source, or where one alone has it
foreign_records as (
    select
        record_id,
        min(record_key) as record_key
    from own_records
    group by record_id
    having count(*) = 1
),

foreign_users as (
    select
        user_id,
        min(user_key) as user_key
    from site_users
    group by user_id
    having count(*) = 1
),

resolved as (
    select
        sides.link_key,
        sides.source_system,
        sides.given,
        case
            when sides.email_hash is not null then concat('e-mail:', sides.email_hash)
            when coalesce(own_records.record_key, foreign_records.record_key) is not null
            then concat('record:', coalesce(own_records.record_key, foreign_records.record_key))
            when foreign_users.user_key is not null then concat('user:', foreign_users.user_key)
        end as identifier,
        coalesce(own_records.record_key, foreign_records.record_key) as record_key,
        sides.occurred_at
    from sides
    left join own_records
        on sides.source_system = own_records.source_system and sides.given = own_records.record_id
    left join foreign_records
        on sides.given = foreign_records.record_id
    left join foreign_users
        on sides.given = foreign_users.user_id
)

select * from resolved
