/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How officers come in: the office draws a challenge, the officer signs it with his SSH key
 * (`ssh-keygen -Y sign -n airgap-login@v1`, hardware keys included), and gets a session cookie.
 * There are no passwords.
 *
 * POST /v1/login/challenge {"name":"kovac"}	200 the challenge, a text to be signed as it is
 * POST /v1/login {"name":"kovac","signature":"-----BEGIN ..."}	204, Set-Cookie; or 403
 * POST /v1/logout				204
 *
 * Every request that changes something must carry the session's token against forged requests
 * (login_csrf()), besides the cookie, which is SameSite=Strict.
 */
#ifndef AIRGAP_OFFICE_LOGIN_H
#define AIRGAP_OFFICE_LOGIN_H

#include "agent/office/http.h"
#include "agent/office/store/store_people.h"

#define LOGIN_COOKIE	 "__Host-airgap"
#define LOGIN_TEXT_SIZE	 512
#define LOGIN_LIFE_US	 ((int64_t)8 * 3600 * 1000000) /* of a session, however much it is used */
#define LOGIN_IDLE_US	 ((int64_t)30 * 60 * 1000000)  /* and unused */
#define LOGIN_TOKEN_SIZE 65			       /* 64 hexadecimal digits */

struct login_session {
	struct store_officer officer;
	struct store_session session;
	char csrf[LOGIN_TOKEN_SIZE]; /* to be put into forms */
};

/**
 * login_challenge - a text for the officer to sign
 * @address: who asks
 *
 * The same for names that do not exist: nobody learns who is an officer. An address has few open
 * challenges; one more takes the place of its oldest. Where all places are taken, whoever has most
 * of them gives one up, so that strangers cannot hold them all. Returns 0 or -EACCES: no name.
 */
int login_challenge(struct serve *serve, const char *address, const char *name,
		    char text[static LOGIN_TEXT_SIZE]);

/**
 * login_answer - open a session
 * @signature: armoured, over the text of a challenge to this name that is still open
 * @cookie: gets the Set-Cookie header's value
 *
 * Returns 0; -EACCES: not good, for whatever reason; or another -errno.
 */
int login_answer(struct serve *serve, const char *name, const char *signature, char *cookie,
		 size_t size);

/* login_session - who is signed in, and stays so for LOGIN_IDLE_US from now; 0 or -EACCES */
int login_session(struct serve *serve, const struct request *request,
		  struct login_session *session);

/* login_csrf - is @token the one of the session? In constant time. */
bool login_csrf(const struct login_session *session, const char *token);

/* login_end - sign out; 0 or -errno */
int login_end(struct serve *serve, const struct login_session *session);

/* login_limited - has this address asked too often? Then it has been told so. */
bool login_limited(struct request *request);

#endif
