-- One row is a person as a site knows them once they have signed in, with an address that was given there, if any was.
with

names as (
    select * from {{ ref('int_web_batch_names') }}
    where user_id is not null
),

users as (
    select distinct
        {{ stable_key(["'user'", 'source_system', 'user_id']) }} as user_key,
        source_system,
        user_id,
        email_hash
    from names
)

select * from users
